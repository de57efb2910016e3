import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import type * as controllerModule from '../../../src/ui/panels/usageController.ts';
import type { UsageProtocol } from '../../../src/webview/protocol/usage.ts';
import { launchBrowser } from '../../rig/browser.ts';
import { stubEditor } from './editorStub.ts';
import { FakeApp, platformError } from './fakeApp.ts';
import { PanelPage, PanelSite } from './panelPage.ts';
import { type ThemeName, THEMES } from './themes.ts';

type Module = typeof controllerModule;

const HOUR = 60 * 60 * 1000;

suite('usage panel in a browser', () => {
  let browser: Browser;
  let site: PanelSite;
  let module: Module;
  let app: FakeApp;
  let panel: PanelPage;
  let controller: InstanceType<Module['UsageController']>;

  suiteSetup(async () => {
    await stubEditor();
    module = await import('../../../src/ui/panels/usageController.ts');
    browser = await launchBrowser();
    site = await PanelSite.start();
  });

  suiteTeardown(async () => {
    await browser.close();
    await site.stop();
  });

  setup(() => {
    app = new FakeApp();
    app.usage = { requests: 12_873, cpuMs: 48_211 };
  });

  teardown(async () => {
    controller.dispose();
    assert.deepEqual(panel.troubles, [], 'the page reported nothing wrong and was refused nothing');
    await panel.close();
  });

  async function open(options: Parameters<typeof PanelPage.open>[4] = {}): Promise<void> {
    panel = await PanelPage.open<UsageProtocol>(
      browser,
      site,
      'usage',
      (post) => (controller = new module.UsageController(app.parts, post)),
      options,
    );
    await panel.page.getByRole('heading', { name: 'Usage' }).waitFor();
  }

  /** Samples of the last hours, across the end of November. */
  function takeSamples(count: number): void {
    app.now = Date.UTC(2026, 11, 1, 12);
    app.usageSamples = Array.from({ length: count }, (_value, index) => {
      const at = app.now - (count - index) * HOUR;
      const month = Date.UTC(2026, new Date(at).getUTCMonth(), 1);
      return { at, requests: Math.round((at - month) / 200_000), cpuMs: Math.round((at - month) / 50_000) };
    });
  }

  const shows = (text: string | RegExp): Promise<void> =>
    panel.page.getByText(text).filter({ visible: true }).first().waitFor();
  const chart = (): Locator => panel.page.getByRole('slider');
  /** Whether the chart's canvas has pixels of this colour. */
  const drawn = (): Promise<number> =>
    panel.page.evaluate(`(() => {
      const canvas = document.querySelector('.chart canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
      return count;
    })()`);

  test('shows the totals, that they are app-wide, of which month, and how fresh', async () => {
    await open();
    await shows('12,873');
    await shows('48,211 ms');
    assert.equal(await panel.page.getByText('app-wide', { exact: true }).count(), 2);
    await shows('November 2026 (UTC) · orders · Butterbase');
    await shows(/refreshed every 15 minutes/);
  });

  test('says that the embedded platform counts live', async () => {
    app = new FakeApp('local');
    await open();
    await shows(/counted live on this machine/);
    assert.equal(await panel.page.getByText(/15 minutes/).count(), 0);
  });

  test('explains while there are too few samples for a chart', async () => {
    await open();
    await shows('Not enough samples yet');
    await shows(/The platform keeps no history/);
    assert.equal(await chart().isVisible(), false);
  });

  test('draws the samples, and switches to CPU time', async () => {
    takeSamples(8);
    await open();
    await chart().waitFor();
    assert.ok((await drawn()) > 500);
    assert.match((await chart().getAttribute('aria-label')) ?? '', /^Requests: 9 samples from/);
    await panel.page.getByRole('radio', { name: 'CPU time' }).press('Space');
    assert.match((await chart().getAttribute('aria-label')) ?? '', /^CPU time: 9 samples from/);
    assert.deepEqual(await panel.keptState(), { metric: 'cpuMs', tableOpen: false });
  });

  test('arrow keys read the chart point by point', async () => {
    takeSamples(5);
    await open();
    await chart().focus();
    await panel.page.keyboard.press('Home');
    const first = await chart().getAttribute('aria-valuetext');
    await panel.page.keyboard.press('ArrowRight');
    const second = await chart().getAttribute('aria-valuetext');
    assert.match(first ?? '', /requests$/);
    assert.notEqual(first, second);
    await shows(second ?? '');
    await panel.page.keyboard.press('End');
    assert.match((await chart().getAttribute('aria-valuetext')) ?? '', /12,873 requests$/);
  });

  test('has the samples as a table, with the month that began', async () => {
    takeSamples(20);
    await open();
    await panel.page.getByText('Samples as a table').click();
    const rows = panel.page.getByRole('table').getByRole('row');
    assert.equal(await rows.count(), 22, 'a head, 20 samples and the reading of now');
    assert.match(await rows.nth(1).innerText(), /12,873/);
    assert.equal(await panel.page.getByRole('cell', { name: 'December begins' }).count(), 1);
  });

  test('a new reading arrives without a jump of the layout', async () => {
    takeSamples(3);
    await open();
    await chart().waitFor();
    const boxes = (): Promise<unknown> =>
      panel.page.evaluate(
        `[...document.querySelectorAll('h2, .chart, summary')].map((element) => element.getBoundingClientRect().top)`,
      );
    const before = await boxes();
    app.usage = { requests: 12_999, cpuMs: 50_000 };
    app.now += 1000;
    await panel.page.getByRole('button', { name: 'Refresh' }).click();
    await shows('12,999');
    assert.deepEqual(await boxes(), before);
  });

  test('keeps the last numbers and says so when they cannot be read again', async () => {
    await open();
    await shows('12,873');
    app.breakReading(platformError('The platform cannot be reached.', 'Check the network.'));
    await panel.page.getByRole('button', { name: 'Refresh' }).click();
    await shows('This may be out of date: The platform cannot be reached. Check the network.');
    await shows('12,873');
  });

  test('follows the session to another app and to none', async () => {
    await open();
    app.become(app.ready('app_2', 'billing'));
    await shows('November 2026 (UTC) · billing · Butterbase');
    app.become({ kind: 'noApp', connection: { kind: 'remote', origin: '', label: 'Butterbase' }, apps: [] });
    await shows('No app is selected');
    assert.equal(await panel.page.getByText('12,873').filter({ visible: true }).count(), 0);
  });

  test('takes new colours when the theme changes', async () => {
    takeSamples(6);
    await open({ theme: 'dark' });
    await chart().waitFor();
    const colours = (): Promise<string> =>
      panel.page.evaluate(`document.querySelector('.chart canvas').toDataURL()`);
    const dark = await colours();
    await panel.setTheme('light');
    await panel.page.waitForFunction(
      `document.querySelector('.chart canvas').toDataURL() !== ${JSON.stringify(dark)}`,
    );
  });

  test('redraws in the width of the panel', async () => {
    takeSamples(6);
    await open();
    await chart().waitFor();
    await panel.page.setViewportSize({ width: 320, height: 800 });
    await panel.page.waitForFunction(
      `document.querySelector('.chart canvas').getBoundingClientRect().width < 320`,
    );
    const overflow: number = await panel.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.equal(overflow, 0);
    await panel.screenshot('panel-usage-narrow');
  });

  test('draws in the system colours when they are forced', async () => {
    takeSamples(6);
    await open();
    await panel.page.emulateMedia({ forcedColors: 'active' });
    await chart().waitFor();
    assert.ok((await drawn()) > 300);
    await panel.screenshot('panel-usage-forced');
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    test(`is accessible by axe in the ${theme} theme`, async () => {
      takeSamples(20);
      await open({ theme });
      await panel.page.getByText('Samples as a table').click();
      await panel.screenshot(`panel-usage-${theme}`);
      assert.deepEqual(await panel.accessibilityProblems(), []);
    });
  }
});
