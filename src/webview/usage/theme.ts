/** Colours of the chart, taken from the editor's theme. */
export interface Theme {
  readonly line: string;
  readonly fill: string;
  readonly text: string;
  readonly grid: string;
  readonly reset: string;
  readonly font: string;
  /** In high contrast: thicker lines, no translucent area. */
  readonly strong: boolean;
}

export function readTheme(): Theme {
  const strong = document.body.classList.contains('vscode-high-contrast');
  const font = `11px ${variable('--vscode-font-family') || 'sans-serif'}`;
  // In forced colours the page's own colours are replaced, but a canvas must name the system's itself.
  if (matchMedia('(forced-colors: active)').matches) {
    return {
      line: 'CanvasText',
      fill: 'transparent',
      text: 'CanvasText',
      grid: 'GrayText',
      reset: 'Highlight',
      font,
      strong: true,
    };
  }
  const line = variable('--vscode-charts-blue') || variable('--vscode-textLink-foreground') || '#3794ff';
  const text = variable('--vscode-foreground') || '#808080';
  return {
    line,
    fill: strong ? 'transparent' : `color-mix(in srgb, ${line} 16%, transparent)`,
    text: strong ? text : variable('--vscode-descriptionForeground') || text,
    grid: `color-mix(in srgb, ${text} ${strong ? 45 : 13}%, transparent)`,
    reset: variable('--vscode-charts-orange') || text,
    font,
    strong,
  };
}

/** Calls back when the theme changes: VS Code then swaps body classes and the variables on the root element. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  matchMedia('(forced-colors: active)').addEventListener('change', changed);
}

function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
