import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import type * as controllerModule from '../../../src/ui/panels/envController.ts';
import type * as readersModule from '../../../src/ui/panels/envReaders.ts';
import type { EnvDialogs } from '../../../src/ui/panels/envController.ts';
import type { EnvProtocol } from '../../../src/webview/protocol/env.ts';
import { launchBrowser } from '../../rig/browser.ts';
import { stubEditor, type EditorStub } from './editorStub.ts';
import { doClass, FakeApp, platformError } from './fakeApp.ts';
import { PanelPage, PanelSite } from './panelPage.ts';
import { type ThemeName, THEMES } from './themes.ts';

type Controller = typeof controllerModule;

interface Options {
  readonly width?: number;
  readonly theme?: ThemeName;
  readonly state?: unknown;
  /** A key that the form is opened for before the page is there. */
  readonly edit?: string;
}

suite('env panel in a browser', () => {
  let browser: Browser;
  let site: PanelSite;
  let editor: EditorStub;
  let controllers: Controller;
  let readers: typeof readersModule;
  let app: FakeApp;
  let panel: PanelPage;
  let dialogs: { -readonly [Name in keyof EnvDialogs]: EnvDialogs[Name] };
  let asked: string[];
  /** What the linter says; undefined when it cannot know. */
  let unused: readonly string[] | undefined;

  suiteSetup(async () => {
    editor = await stubEditor();
    controllers = await import('../../../src/ui/panels/envController.ts');
    readers = await import('../../../src/ui/panels/envReaders.ts');
    browser = await launchBrowser();
    site = await PanelSite.start();
  });

  suiteTeardown(async () => {
    await browser.close();
    await site.stop();
  });

  setup(() => {
    editor.trusted = true;
    app = new FakeApp();
    app.env.set('API_TOKEN', 'old').set('STRIPE_SECRET', 'old');
    asked = [];
    unused = undefined;
    dialogs = {
      confirmDelete: (key, consequence) => {
        asked.push(`${key}: ${consequence}`);
        return Promise.resolve(true);
      },
      pickEnvFile: () => Promise.resolve(undefined),
    };
  });

  teardown(async () => {
    assert.deepEqual(panel.troubles, [], 'the page reported nothing wrong and was refused nothing');
    await panel.close();
  });

  async function open(options: Options = {}): Promise<void> {
    panel = await PanelPage.open<EnvProtocol>(
      browser,
      site,
      'env',
      (post) => {
        const linter = { unusedEnvKeys: () => Promise.resolve(unused) };
        const found = new readers.EnvReaders({ ...app.parts, files: app.files }, linter);
        const controller = new controllers.EnvController(app.parts, dialogs, found, post);
        controller.setVisible(true);
        if (options.edit !== undefined) controller.edit(options.edit);
        return controller;
      },
      options,
    );
    await panel.page.getByRole('heading', { name: 'Environment variables' }).waitFor();
  }

  const button = (name: string | RegExp): Locator => panel.page.getByRole('button', { name });
  const field = (name: string): Locator => panel.page.getByRole('textbox', { name, exact: true });
  const shows = (text: string | RegExp): Promise<void> =>
    panel.page.getByText(text).filter({ visible: true }).first().waitFor();
  const result = (text: string | RegExp): Promise<void> =>
    panel.page.getByRole('status').filter({ hasText: text }).waitFor();
  const keys = (): Promise<string[]> => panel.page.locator('.list tbody .key').allInnerTexts();
  const focused = (): Promise<string> =>
    panel.page.evaluate(
      `((active) => active.getAttribute('aria-label') ?? active.label ?? active.id ?? '')(document.activeElement)`,
    );

  async function paste(text: string): Promise<void> {
    await button('Import .env').click();
    await field('Text of a .env file').fill(text);
    await shows('What would be set');
  }

  test('shows the keys, that values are write-only, and what a change does', async () => {
    await open();
    await shows('Variables (2)');
    assert.deepEqual(await keys(), ['API_TOKEN', 'STRIPE_SECRET']);
    assert.equal(await panel.page.getByText('value is write-only').count(), 2);
    await shows(/redeploys and drops every WebSocket of: chat-room, counter\./);
    await shows('orders · Butterbase');
  });

  test('gives each kind of button the border that the theme has for it', async () => {
    await open();
    const border = (name: string): Promise<string> =>
      panel.page.evaluate(`(() => {
        const host = [...document.querySelectorAll('vscode-button')].find((each) => each.textContent.trim() === '${name}');
        return getComputedStyle(host.shadowRoot.querySelector('.base')).borderTopColor;
      })()`);
    const theme = (name: string, value: string): Promise<void> =>
      panel.page.evaluate(`document.documentElement.style.setProperty('--vscode-${name}', '${value}')`);
    await theme('button-border', 'rgb(1, 2, 3)');
    assert.deepEqual([await border('Import .env…'), await border('Add')], ['rgb(1, 2, 3)', 'rgb(1, 2, 3)']);
    await theme('button-secondaryBorder', 'rgb(4, 5, 6)');
    assert.deepEqual([await border('Import .env…'), await border('Add')], ['rgb(4, 5, 6)', 'rgb(1, 2, 3)']);
  });

  test('says which keys no class reads, why it says so, and follows the files', async () => {
    unused = ['STRIPE_SECRET'];
    await open();
    const row = panel.page.getByRole('row', { name: /STRIPE_SECRET/ });
    await row.getByText('No class reads this.').waitFor();
    await row.getByTitle(/none of them names this key/).waitFor();
    assert.equal(await panel.page.getByText('No class reads this.').filter({ visible: true }).count(), 1);
    unused = [];
    app.changeFiles();
    await row.getByText('No class reads this.').waitFor({ state: 'hidden' });
    unused = ['API_TOKEN', 'STRIPE_SECRET'];
    app.changeFiles();
    await row.getByText('No class reads this.').waitFor();
    unused = undefined;
    app.changeFiles();
    await row.getByText('No class reads this.').waitFor({ state: 'hidden' });
  });

  test('adds a variable and says what was redeployed', async () => {
    await open();
    await field('Key').fill('NEW_KEY');
    await field('Value').fill('line 1\nline 2');
    await button('Add').click();
    await result('NEW_KEY is set. Redeployed: chat-room, counter');
    assert.equal(app.env.get('NEW_KEY'), 'line 1\nline 2');
    assert.deepEqual(await keys(), ['API_TOKEN', 'NEW_KEY', 'STRIPE_SECRET']);
    assert.equal(await field('Value').inputValue(), '', 'the value is gone from the page');
    assert.equal(await focused(), 'Key', 'ready for the next one');
  });

  test('works by the keyboard alone: Enter goes on to the value, Ctrl+Enter sets', async () => {
    await open();
    await field('Key').focus();
    await panel.page.keyboard.type('BY_KEYS');
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.type('v');
    await panel.page.keyboard.press('Control+Enter');
    await result('BY_KEYS is set.');
    assert.equal(app.env.get('BY_KEYS'), 'v');
  });

  test('checks key and value as one types, with the length in UTF-16 units', async () => {
    await open();
    for (const [key, message] of [
      ['lower', /Use capital letters/],
      ['BUTTERBASE_X', /reserved for the platform/],
      ['CHAT_ROOM', /binding of a Durable Object class/],
      ['DO_INVOKER_URL', /platform sets DO_INVOKER_URL itself/],
      ['API_TOKEN', /API_TOKEN is set already\. Its value will be replaced/],
    ] as const) {
      await field('Key').fill(key);
      await shows(message);
    }
    await button('Replace').last().waitFor();
    await field('Value').fill('😀'.repeat(4096));
    await shows('8,192 of 8,192');
    await field('Value').fill('😀'.repeat(4096) + 'x');
    await shows('8,193 of 8,192');
    await shows(/at most 8,192 characters/);
    await field('Key').fill('FINE');
    await button('Add').click();
    assert.equal(await focused(), 'value', 'focus is on what is wrong');
    assert.deepEqual(app.changes, [], 'and nothing was sent');
  });

  test('refuses a bad key on Add even when nothing was typed', async () => {
    await open();
    await button('Add').click();
    await shows('Enter a key.');
    assert.deepEqual(app.changes, []);
  });

  test('keeps what was typed when the platform refuses it, and says the next step', async () => {
    app.failures.set('NEW_KEY', platformError('The platform could not deploy.', 'Try again in a minute.'));
    await open();
    await field('Key').fill('NEW_KEY');
    await field('Value').fill('keep me');
    await button('Add').click();
    await result('The platform could not deploy. Try again in a minute.');
    assert.equal(await field('Key').inputValue(), 'NEW_KEY');
    assert.equal(await field('Value').inputValue(), 'keep me');
  });

  test('hides the value until one asks to see it', async () => {
    await open();
    const masked = (): Promise<string> =>
      panel.page.evaluate(`getComputedStyle(document.getElementById('value')).webkitTextSecurity`);
    assert.equal(await masked(), 'disc');
    await button('Show the value').click();
    assert.equal(await masked(), 'none');
    await button('Hide the value').click();
    assert.equal(await masked(), 'disc');
  });

  test('opens the form for a key to replace its value', async () => {
    await open();
    await button('Replace the value of API_TOKEN').click();
    assert.equal(await field('Key').inputValue(), 'API_TOKEN');
    assert.equal(await focused(), 'value');
    await field('Value').fill('new');
    await panel.page.getByRole('button', { name: 'Replace', exact: true }).click();
    await result('API_TOKEN is set.');
    assert.equal(app.env.get('API_TOKEN'), 'new');
  });

  test('deletes after a confirmation that says what it does, and focus goes to the next key', async () => {
    await open();
    await button('Delete API_TOKEN').click();
    await result('API_TOKEN is deleted. Redeployed: chat-room, counter');
    assert.match(asked[0] ?? '', /^API_TOKEN: Every change here redeploys/);
    assert.deepEqual(await keys(), ['STRIPE_SECRET']);
    assert.equal(await focused(), 'Delete STRIPE_SECRET');
  });

  test('keeps the key when the person does not confirm', async () => {
    dialogs.confirmDelete = () => Promise.resolve(false);
    await open();
    await button('Delete API_TOKEN').click();
    await panel.page.locator('tr[aria-busy]').waitFor({ state: 'detached' });
    assert.deepEqual(await keys(), ['API_TOKEN', 'STRIPE_SECRET']);
    assert.equal(await focused(), 'Delete API_TOKEN');
  });

  test('filters keys; Escape shows all again', async () => {
    await open();
    const filter = panel.page.getByRole('searchbox', { name: 'Filter keys' });
    await filter.fill('stripe');
    await shows('Variables (1 of 2)');
    assert.deepEqual(await keys(), ['STRIPE_SECRET']);
    await filter.fill('zzz');
    await shows('No key contains “zzz”.');
    await filter.press('Escape');
    await shows('Variables (2)');
  });

  test('previews a pasted .env, applies it key by key, and stops at the first failure with the rest kept', async () => {
    app.failures.set('THIRD', platformError('The platform could not deploy.', 'Try again.'));
    app.delay = 20;
    await open();
    await paste('# text\nAPI_TOKEN=one\nSECOND="two words"\nno assignment\nCOUNTER=1\nTHIRD=3\nFOURTH=4');
    const rows = (): Promise<string[]> => panel.page.locator('.preview tbody tr').allInnerTexts();
    const before = (await rows()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    assert.match(before[0] ?? '', /2 API_TOKEN Replaces the value 3/);
    assert.match(before[1] ?? '', /3 SECOND New 9/);
    assert.match(before[2] ?? '', /4 — Not set This line sets nothing/);
    assert.match(before[3] ?? '', /5 COUNTER Not set COUNTER is the binding/);
    await button('Set selected (4)').click();
    await result('Stopped at THIRD. Set: 2. Not set, still selected: 2.');
    assert.deepEqual(app.changes, ['API_TOKEN', 'SECOND']);
    assert.equal(app.env.get('SECOND'), 'two words');
    const after = await rows();
    assert.match(after[0] ?? '', /Set\. Redeployed: chat-room, counter/);
    assert.match(after[4] ?? '', /could not deploy\. Try again\./);
    app.failures.clear();
    await button('Set selected (2)').click();
    await result('All selected variables are set: 2.');
    assert.deepEqual(app.changes, ['API_TOKEN', 'SECOND', 'THIRD', 'FOURTH']);
  });

  test('sets only what is selected', async () => {
    await open();
    await paste('ONE=1\nTWO=2\nTHREE=3');
    await panel.page.getByRole('checkbox', { name: 'TWO, line 2' }).press('Space');
    await button('Set selected (2)').click();
    await result('All selected variables are set: 2.');
    assert.deepEqual(app.changes, ['ONE', 'THREE']);
  });

  test('stops an import on request, after the key that is on its way', async () => {
    app.delay = 150;
    await open();
    await paste('ONE=1\nTWO=2\nTHREE=3');
    await button('Set selected (3)').click();
    await button('Stop').click();
    await result('Stopped. Set: 1. Not set, still selected: 2.');
    assert.deepEqual(app.changes, ['ONE']);
  });

  test('imports a file that the person picks, and says why one cannot be read', async () => {
    dialogs.pickEnvFile = () => Promise.resolve({ name: '.env', text: 'FROM_FILE=1' });
    await open();
    await button('Import .env').click();
    await button('Import file').click();
    await result('.env is read.');
    await shows('FROM_FILE');
    dialogs.pickEnvFile = () =>
      Promise.reject(platformError('The file is no UTF-8 text.', 'Pick another file.'));
    await button('Import file').click();
    await result('The file is no UTF-8 text. Pick another file.');
    assert.equal(await field('Text of a .env file').inputValue(), 'FROM_FILE=1', 'the text before stays');
  });

  test('keeps the key, the filter and what is open over a reload, and never a value', async () => {
    await open();
    await paste('SECRET_IN_TEXT=hush-1');
    await field('Key').fill('DRAFT');
    await field('Value').fill('hush-2');
    const kept = await panel.keptState();
    assert.deepEqual(kept, { key: 'DRAFT', filter: '', importOpen: true });
    await panel.close();
    await open({ state: kept });
    assert.equal(await field('Key').inputValue(), 'DRAFT');
    assert.equal(await field('Text of a .env file').isVisible(), true);
  });

  test('what is typed survives a refresh and a change of the keys by somebody else', async () => {
    await open();
    await field('Key').fill('API_TOK');
    await field('Value').fill('typed');
    app.env.set('BY_ANOTHER', 'x');
    await button('Refresh').click();
    await shows('Variables (3)');
    assert.equal(await field('Key').inputValue(), 'API_TOK');
    assert.equal(await field('Value').inputValue(), 'typed');
  });

  test('follows the session to another app, and sends nothing for the one that was shown before', async () => {
    app.delay = 100;
    await open();
    await paste('ONE=1\nTWO=2');
    await button('Set selected (2)').click();
    app.become(app.ready('app_2', 'billing'));
    await shows('billing · Butterbase');
    await result(/Stopped at TWO/);
    assert.deepEqual(app.changes, ['ONE']);
    await shows(/the app has changed meanwhile/);
  });

  test('is read-only with the reason in an untrusted workspace', async () => {
    editor.trusted = false;
    await open();
    await shows(/This workspace is in Restricted Mode/);
    assert.deepEqual(await keys(), ['API_TOKEN', 'STRIPE_SECRET']);
    assert.equal(await button(/Add|Delete|Replace|Import/).count(), 0);
    await button('Manage Workspace Trust').press('Enter');
    await panel.page.waitForFunction('true');
    assert.deepEqual(editor.executed.splice(0), ['workbench.trust.manage']);
    await panel.screenshot('panel-env-restricted');
    assert.deepEqual(await panel.accessibilityProblems(), []);
  });

  suite('while a class is in ERROR', () => {
    setup(() => {
      app.classes = [doClass('chat-room', 'ERROR'), doClass('counter')];
    });

    const question = (): Locator => panel.page.getByRole('alertdialog');
    const risk = (): Locator => panel.page.getByRole('region', { name: /A change here would destroy/ });
    const way = (name: string): Locator => question().getByRole('button', { name, exact: true });

    async function typeAndAdd(): Promise<void> {
      await open();
      await field('Key').fill('NEW_KEY');
      await field('Value').fill('typed');
      await button('Add').click();
      await question().waitFor();
    }

    test('says which class is at risk and why, and brings it back with one press', async () => {
      await open();
      await risk().getByText('A change here would destroy what chat-room stored').waitFor();
      await risk().getByText('class chatroom').waitFor();
      await risk()
        .getByText(/chat-room is in ERROR, so the platform leaves it out of the next deploy/)
        .waitFor();
      await risk().getByRole('button', { name: 'Repair chat-room Now' }).press('Enter');
      await result('chat-room: deployed again, with all that the instances stored.');
      await risk().waitFor({ state: 'hidden' });
      assert.deepEqual(app.changes, ['repair of chat-room']);
    });

    test('asks before a variable is set, repairs first, and then sets it by itself', async () => {
      await typeAndAdd();
      assert.deepEqual(app.changes, [], 'nothing was sent yet');
      assert.match(
        await question().innerText(),
        /Changing NEW_KEY would destroy all instances of chatroom and everything they stored/,
      );
      await way('Repair chat-room First').and(panel.page.locator(':focus')).waitFor();
      assert.equal(await risk().isVisible(), false, 'it is said once');
      await panel.page.keyboard.press('Enter');
      await result('Repaired first: chat-room. NEW_KEY is set. Redeployed: chat-room, counter;');
      assert.deepEqual(app.changes, ['repair of chat-room', 'NEW_KEY']);
      assert.equal(app.env.get('NEW_KEY'), 'typed');
      await question().waitFor({ state: 'hidden' });
      assert.equal(await risk().isVisible(), false);
      assert.equal(await focused(), 'Key');
    });

    test('keeps what was typed when the person gives it up, and sends nothing', async () => {
      await typeAndAdd();
      const locked = [await field('Key').isEditable(), await field('Value').isEditable()];
      assert.deepEqual(locked, [false, false], 'what is asked about stays as it is');
      await panel.page.keyboard.press('Escape');
      await question().waitFor({ state: 'hidden' });
      await risk().waitFor();
      assert.equal(await field('Key').inputValue(), 'NEW_KEY');
      assert.equal(await field('Value').inputValue(), 'typed');
      assert.deepEqual(app.changes, []);
      await field('Value').fill('changed');
      await button('Add').click();
      await way('Cancel').click();
      await question().waitFor({ state: 'hidden' });
      assert.equal(await field('Value').inputValue(), 'changed');
    });

    test('keeps what was typed when the class cannot be brought back, and says the next step', async () => {
      app.failures.set('chat-room', platformError('No source loads.', 'Correct the file of chat-room.'));
      await typeAndAdd();
      await way('Repair chat-room First').click();
      await result('No source loads. Correct the file of chat-room.');
      await question().waitFor({ state: 'hidden' });
      assert.equal(await field('Key').inputValue(), 'NEW_KEY');
      assert.equal(await field('Value').inputValue(), 'typed');
      assert.deepEqual(app.changes, []);
    });

    test('destroys only what was typed by name', async () => {
      await typeAndAdd();
      await way('Destroy Its Data…').click();
      await question().waitFor({ state: 'hidden' });
      assert.deepEqual(app.changes, [], 'the input was closed');
      editor.typed.push('chatroom');
      await button('Add').click();
      await way('Destroy Its Data…').click();
      await result('NEW_KEY is set.');
      assert.deepEqual(app.changes, ['loss of chat-room', 'NEW_KEY']);
    });

    test('asks after a deletion was confirmed, and gives the focus back', async () => {
      await open();
      await button('Delete API_TOKEN').click();
      await way('Cancel').click();
      await question().waitFor({ state: 'hidden' });
      assert.equal(await focused(), 'Delete API_TOKEN');
      await button('Delete API_TOKEN').click();
      await way('Repair chat-room First').click();
      await result('Repaired first: chat-room. API_TOKEN is deleted.');
      assert.deepEqual(await keys(), ['STRIPE_SECRET']);
    });

    test('asks once for an import, which then goes on with the rest', async () => {
      await open();
      await paste('ONE=1\nTWO=2');
      await button('Set selected (2)').click();
      await way('Repair chat-room First').click();
      await result('All selected variables are set: 2.');
      assert.deepEqual(app.changes, ['repair of chat-room', 'ONE', 'TWO']);
    });

    test('an import whose question is given up stops, with everything still selected', async () => {
      await open();
      await paste('ONE=1\nTWO=2');
      await button('Set selected (2)').click();
      await question().waitFor();
      await button('Stop').click();
      await result('Stopped. Set: 0. Not set, still selected: 2.');
      await question().waitFor({ state: 'hidden' });
      assert.deepEqual(app.changes, []);
    });

    test('asks about one change at a time: the later one counts', async () => {
      await typeAndAdd();
      await button('Delete STRIPE_SECRET').click();
      await question()
        .getByText(/Changing STRIPE_SECRET would destroy/)
        .waitFor();
      await way('Repair chat-room First').click();
      await result('STRIPE_SECRET is deleted.');
      assert.deepEqual(app.changes, ['repair of chat-room', 'STRIPE_SECRET']);
      assert.equal(await field('Value').inputValue(), 'typed', 'the form may be sent again');
      await button('Add').click();
      await result('NEW_KEY is set.');
    });

    test('a question is gone with the app that it was about', async () => {
      await typeAndAdd();
      app.classes = [doClass('counter')];
      app.become(app.ready('app_2', 'billing'));
      await question().waitFor({ state: 'hidden' });
      await shows('billing · Butterbase');
      assert.deepEqual(app.changes, []);
    });

    test('has nothing to offer where nothing may be changed', async () => {
      editor.trusted = false;
      await open();
      await shows(/This workspace is in Restricted Mode/);
      assert.equal(await risk().isVisible(), false);
    });

    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      test(`is accessible by axe in the ${theme} theme, before and while it asks`, async () => {
        await open({ theme });
        await risk().waitFor();
        await panel.screenshot(`panel-env-risk-${theme}`);
        assert.deepEqual(await panel.accessibilityProblems(), []);
        await field('Key').fill('NEW_KEY');
        await field('Value').fill('typed');
        await button('Add').click();
        await question().waitFor();
        await panel.screenshot(`panel-env-question-${theme}`);
        assert.deepEqual(await panel.accessibilityProblems(), []);
      });
    }

    test('fits a narrow column', async () => {
      await open({ width: 320 });
      await field('Key').fill('A_RATHER_LONG_NAME_OF_A_KEY_THAT_GOES_ON');
      await field('Value').fill('typed');
      await button('Add').click();
      await question().waitFor();
      await panel.screenshot('panel-env-question-narrow');
      const overflow: number = await panel.page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(overflow, 0);
    });
  });

  test('says that the list may be old when it cannot be read again', async () => {
    await open();
    await shows('Variables (2)');
    app.breakReading(platformError('The platform cannot be reached.', 'Check the network.'));
    await button('Refresh').click();
    await shows('This may be out of date: The platform cannot be reached. Check the network.');
    assert.equal((await keys()).length, 2);
  });

  test('opens with the form filled in for a key that a command named', async () => {
    await open({ edit: 'STRIPE_SECRET' });
    await shows(/STRIPE_SECRET is set already/);
    assert.equal(await field('Key').inputValue(), 'STRIPE_SECRET');
    assert.equal(await focused(), 'value');
  });

  test('while it connects anew nothing jumps, what is typed stays in sight, and no change goes out', async () => {
    await open();
    await field('Key').fill('KEPT');
    await field('Value').fill('kept');
    const connection = { kind: 'remote', origin: 'https://platform.test', label: 'Butterbase' } as const;
    app.become({ kind: 'connecting', connection });
    await panel.page.locator('[aria-busy="true"]').first().waitFor();
    assert.equal(await field('Key').inputValue(), 'KEPT');
    await button('Add').click();
    await result('Loading…');
    app.become(app.ready('app_1', 'orders'));
    await panel.page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    assert.deepEqual(app.changes, []);
    await button('Add').click();
    await result('KEPT is set.');
  });

  test('without an app it says why and runs the command that helps', async () => {
    app.become({ kind: 'noFolder' });
    await open();
    await shows('No folder is open');
    await button('Open Folder').press('Enter');
    await panel.page.waitForFunction('true');
    assert.deepEqual(editor.executed.splice(0), ['vscode.openFolder']);
  });

  test('explains an app without variables and without classes', async () => {
    app.env.clear();
    app.classes = [];
    await open();
    await shows('No variable is set');
    await shows(/nothing is redeployed by a change/);
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    test(`is accessible by axe in the ${theme} theme, with everything open`, async () => {
      app.env.set('DO_INVOKER_URL', 'x');
      unused = ['API_TOKEN', 'DO_INVOKER_URL'];
      await open({ theme });
      await paste('API_TOKEN=1\nNEW=2\nbad\nDO_DISPATCH=1');
      await field('Key').fill('bad key');
      await shows(/Use capital letters/);
      await shows('No class reads this.');
      await panel.page.getByText('Set by the platform').click();
      await button('Delete STRIPE_SECRET').click();
      await result('STRIPE_SECRET is deleted.');
      await panel.screenshot(`panel-env-${theme}`);
      assert.deepEqual(await panel.accessibilityProblems(), []);
    });
  }

  test('fits a narrow column without scrolling sideways', async () => {
    await open({ width: 320 });
    await paste('A_RATHER_LONG_NAME_OF_A_KEY_THAT_GOES_ON=1\nNEW=2\nbad');
    await panel.screenshot('panel-env-narrow');
    const overflow: number = await panel.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.equal(overflow, 0);
  });
});
