import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Format } from '../common/format.ts';
import type { Series } from './series.ts';
import { onThemeChange, readTheme } from './theme.ts';

/** Above this many points the line is drawn without dots. */
const MAX_DOTS = 48;

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** A line chart of one metric over time that fills its container's width and follows the theme. */
export class UsageChart {
  readonly #container: HTMLElement;
  readonly #format: Format;
  readonly #onCursor: (index: number | undefined) => void;
  #series: Series = { xs: [], ys: [], starts: [], resets: [] };
  #resetLabels: readonly string[] = [];
  #theme = readTheme();
  #plot: UPlot | undefined;

  /** @param onCursor told which point is under the pointer; undefined when none is. */
  constructor(container: HTMLElement, format: Format, onCursor: (index: number | undefined) => void) {
    this.#container = container;
    this.#format = format;
    this.#onCursor = onCursor;
    new ResizeObserver(() => this.#fit()).observe(container);
    onThemeChange(() => {
      this.#theme = readTheme();
      this.#draw();
    });
  }

  /** @param resetLabels what to write at each reset of the series. */
  show(series: Series, resetLabels: readonly string[]): void {
    this.#series = series;
    this.#resetLabels = resetLabels;
    this.#draw();
  }

  /** Puts the cursor on a point, for the keyboard; undefined takes it away. */
  point(index: number | undefined): void {
    const plot = this.#plot;
    const x = index === undefined ? undefined : this.#series.xs[index];
    const y = index === undefined ? undefined : this.#series.ys[index];
    if (plot === undefined) return;
    if (x === undefined || y === undefined) plot.setCursor({ left: -10, top: -10 });
    else plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.valToPos(y, 'y') });
  }

  #draw(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
    const width = this.#container.clientWidth;
    if (this.#series.xs.length === 0 || width === 0) return;
    this.#plot = new UPlot(
      this.#options(width, this.#container.clientHeight),
      [[...this.#series.xs], ...linesOf(this.#series)],
      this.#container,
    );
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#container;
    if (this.#plot === undefined) this.#draw();
    else if (width > 0) this.#plot.setSize({ width, height });
  }

  #options(width: number, height: number): UPlot.Options {
    const theme = this.#theme;
    const { ys, starts } = this.#series;
    const [low, high] = valueRange(ys);
    const axis = {
      stroke: theme.text,
      font: theme.font,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { show: false },
    } satisfies UPlot.Axis;
    return {
      width,
      height,
      padding: [14, 24, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 9 } },
      scales: { x: { time: true, range: timeRange }, y: { range: [low, high] } },
      axes: [
        {
          ...axis,
          space: 80,
          size: 42,
          grid: { show: false },
          values: (plot, splits) => this.#timeLabels(plot, splits),
        },
        {
          ...axis,
          size: 58,
          space: 44,
          incrs: [1, 2, 5, ...steps()],
          values: (_plot, splits) => splits.map((value) => this.#format.compact(value)),
        },
      ],
      series: [
        {},
        ...starts.map(() => ({
          stroke: theme.line,
          width: theme.strong ? 3 : 2,
          ...(low === 0 ? { fill: theme.fill } : {}),
          points: {
            show: ys.length <= MAX_DOTS,
            size: theme.strong ? 8 : 6,
            fill: theme.line,
            stroke: theme.line,
          },
        })),
      ],
      hooks: {
        draw: [(plot) => this.#drawResets(plot)],
        setCursor: [(plot) => this.#cursorMoved(plot)],
      },
    };
  }

  #cursorMoved(plot: UPlot): void {
    const index = plot.cursor.idx;
    const left = plot.cursor.left ?? -1;
    this.#onCursor(left < 0 ? undefined : (index ?? undefined));
  }

  /** Days for a long span; else times, with the day below where it changes. */
  #timeLabels(plot: UPlot, splits: readonly number[]): string[] {
    const { min = 0, max = 0 } = plot.scales['x'] ?? {};
    const long = max - min > 4 * DAY;
    const time = max - min < 10 * MINUTE ? this.#format.clock : this.#format.time;
    let dayBefore = '';
    return splits.map((seconds) => {
      const day = this.#format.day(seconds * 1000);
      const first = day !== dayBefore;
      dayBefore = day;
      if (long) return first ? day : '';
      const label = time(seconds * 1000);
      return first ? `${label}\n${day}` : label;
    });
  }

  /** A dashed line and a label where the counter began anew. */
  #drawResets(plot: UPlot): void {
    const { ctx, bbox } = plot;
    const ratio = UPlot.pxRatio;
    ctx.save();
    ctx.strokeStyle = this.#theme.reset;
    ctx.fillStyle = this.#theme.text;
    ctx.lineWidth = ratio * (this.#theme.strong ? 2 : 1);
    ctx.font = this.#theme.font.replace('11px', `${11 * ratio}px`);
    ctx.textBaseline = 'bottom';
    this.#series.resets.forEach((reset, index) => {
      const x = plot.valToPos(reset.at / 1000, 'x', true);
      ctx.setLineDash([4 * ratio, 4 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const label = this.#resetLabels[index] ?? '';
      const roomRight = x + ctx.measureText(label).width + 8 * ratio < bbox.left + bbox.width;
      ctx.textAlign = roomRight ? 'left' : 'right';
      ctx.fillText(label, x, bbox.top - 2 * ratio);
    });
    ctx.restore();
  }
}

/** One line for each start; where the others are, it has no value. */
function linesOf({ ys, starts }: Series): (number | null)[][] {
  return starts.map((start, line) => {
    const end = starts[line + 1] ?? ys.length;
    return ys.map((y, index) => (index >= start && index < end ? y : null));
  });
}

/**
 * The range of the value axis: from 0, unless the values are a thin band far above it, whose changes would
 * be flat then.
 */
function valueRange(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max((high - low) * 0.12, 1);
  return low > high / 2 && low > 10 ? [Math.max(0, low - pad), high + pad] : [0, high + pad];
}

/** The range of the time axis; at least a minute, so that two close samples do not stand at the edges. */
function timeRange(_plot: UPlot, min: number, max: number): [number, number] {
  const pad = Math.max((max - min) * 0.02, 1);
  return [min - pad, max + pad];
}

/** Steps of a whole-number axis: 10, 20, 50, 100, … */
function steps(): number[] {
  return Array.from({ length: 14 }, (_value, power) =>
    [1, 2, 5].map((step) => step * 10 ** (power + 1)),
  ).flat();
}
