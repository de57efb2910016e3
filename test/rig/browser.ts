import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import type { CodeServer } from './codeServer.ts';

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium found: run `node scripts/setup.mjs`.');
  return await chromium.launch({
    executablePath,
    headless: process.env.HEADED === undefined,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
    ],
  });
}

/** Loopback, and the addresses of webview resources, which the webview's service worker answers. */
const INSIDE =
  /^(https?|wss?):\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]|^(data|blob):|^https:\/\/[^/]+\.vscode-resource\.vscode-cdn\.net\//;

/** A fresh profile of the browser, and a page in it that remembers every request that left this machine. */
export async function newPage(browser: Browser): Promise<{ page: Page; outside: Set<string> }> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: 'dark' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const outside = new Set<string>();
  context.on('request', (request) => {
    if (!INSIDE.test(request.url())) {
      outside.add(request.url());
    }
  });
  return { page: await context.newPage(), outside };
}

/**
 * Makes the workbench load the extension from a folder, as under development, and run a test bundle in the
 * extension host. It reads both from a `<meta>` of its page; the URL's `payload` is ignored in a built workbench.
 */
export async function developmentHost(
  page: Page,
  server: CodeServer,
  extension: string,
  tests: string,
): Promise<void> {
  const uri = (path: string): unknown => ({
    $mid: 1,
    scheme: 'vscode-remote',
    authority: `127.0.0.1:${server.port}`,
    path,
  });
  const script = `
    const get = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = get.call(this, name);
      if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings' || !value) return value;
      const settings = JSON.parse(value);
      settings.developmentOptions = { ...settings.developmentOptions, ...${JSON.stringify({
        extensions: [uri(extension)],
        extensionTestsPath: uri(tests),
      })} };
      return JSON.stringify(settings);
    };`;
  await page.addInitScript({ content: script });
}
