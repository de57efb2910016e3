import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { results, root } from '../../../scripts/lib/paths.mjs';
import { dispatch } from '../../../src/ui/panels/dispatch.ts';
import { panelDocument, type PageName } from '../../../src/ui/panels/document.ts';
import type { PanelController } from '../../../src/ui/panels/panelHost.ts';
import type { Protocol } from '../../../src/webview/protocol/messages.ts';
import { accessibilityProblems } from './axe.ts';
import { THEMES, type ThemeName } from './themes.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};

/** Serves what a webview may read, and nothing else: the built pages, and the documents that hold them. */
export class PanelSite {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<PanelSite> {
    // Read once: a build that goes on meanwhile must not take them away.
    const folder = path.join(root, 'dist', 'webview');
    const files = new Map(
      readdirSync(folder)
        .filter((name) => path.extname(name) in TYPES)
        .map((name) => [name, readFileSync(path.join(folder, name))]),
    );
    const server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://site').pathname);
      const page = ['env', 'usage'].find((candidate) => candidate === name) as PageName | undefined;
      if (page !== undefined) {
        response.setHeader('content-type', 'text/html');
        response.end(panelDocument({ page, language: 'en', source: "'self'", uri: (file) => `/${file}` }));
        return;
      }
      const file = files.get(name);
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('content-type', TYPES[path.extname(name)] ?? '');
      response.end(file);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PanelSite(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One end of a panel: the page as the editor would show it, with its messages in our hands. */
export class PanelPage {
  readonly page: Page;
  /** Everything that the page reported as wrong: errors, refused by the policy, requests to elsewhere. */
  readonly troubles: string[] = [];
  private constructor(page: Page) {
    this.page = page;
  }

  /** @param connect makes what answers the page, as for a real panel. */
  static async open<P extends Protocol>(
    browser: Browser,
    site: PanelSite,
    name: PageName,
    connect: (post: (message: P['toWebview']) => void) => Pick<PanelController<P>, 'handlers'>,
    options: { readonly width?: number; readonly theme?: ThemeName; readonly state?: unknown } = {},
  ): Promise<PanelPage> {
    const context = await browser.newContext({ viewport: { width: options.width ?? 900, height: 860 } });
    const panel = new PanelPage(await context.newPage());
    panel.#watch(site);
    const { handlers } = connect((message) => panel.post(message));
    await panel.page.exposeFunction('toHost', (message: unknown) => {
      dispatch(handlers, message);
    });
    await panel.page.addInitScript({ content: setupScript(options.theme ?? 'dark', options.state) });
    await panel.page.goto(`${site.origin}/${name}`);
    return panel;
  }

  /** What the host sends to the page. Messages arrive in the order in which they were sent. */
  post(message: unknown): void {
    void this.page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
  }

  /** What the page has asked the editor to keep over a reload. */
  async keptState(): Promise<unknown> {
    return await this.page.evaluate('window.keptState');
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(`window.applyTheme(${JSON.stringify(THEMES[theme])})`);
  }

  /** What axe-core finds; it puts style sheets of its own into the page, of which the refusals do not count. */
  async accessibilityProblems(): Promise<string[]> {
    const before = [...this.troubles];
    const problems = await accessibilityProblems(this.page.locator('body'));
    this.troubles.splice(0, Infinity, ...before);
    return problems;
  }

  /** Writes `test-results/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(results, 'screenshots', `${name}.png`), fullPage: true });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  #watch(site: PanelSite): void {
    this.page.on('pageerror', (error) => this.troubles.push(error.message));
    this.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(message.text());
    });
    this.page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(site.origin) && !url.startsWith('data:')) this.troubles.push(`request to ${url}`);
    });
  }
}

/** What the editor puts into a webview before the page's own script: its API and the theme. */
function setupScript(theme: ThemeName, state: unknown): string {
  return `
    window.keptState = ${JSON.stringify(state ?? null)};
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => void window.toHost(structuredClone(message)),
      getState: () => window.keptState ?? undefined,
      setState: (state) => { window.keptState = structuredClone(state); },
    });
    window.applyTheme = ({ body, variables }) => {
      document.body.className = body;
      document.documentElement.removeAttribute('style');
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
      document.body.style.backgroundColor = 'var(--vscode-editor-background)';
    };
    document.addEventListener('readystatechange', () => {
      if (document.readyState === 'interactive') window.applyTheme(${JSON.stringify(THEMES[theme])});
    });`;
}
