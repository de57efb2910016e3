import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { editorUnderTest, skipAfterFailure } from '../rig/editorUnderTest.ts';
import { PlatformElsewhere } from '../rig/platformElsewhere.ts';

/** Counts what is posted to an instance, so that one sees whether what it stored is still there. */
const counting = (className: string, more = ''): string =>
  `// Counts.
export class ${className} {
  constructor(private readonly state: DurableObjectState) {}

  async fetch(request: Request): Promise<Response> {
    let value = (await this.state.storage.get<number>('value')) ?? 0;
    if (request.method === 'POST') await this.state.storage.put('value', (value += 1));
    return new Response(\`\${value}\`);
  }
}
${more}`;

const BROKEN = `throw new Error('at load');\n`;

suite('a change that would do harm, and the ways out of it', () => {
  const editor = editorUnderTest({
    name: 'ways-out',
    // Only on request and after changes: what others do meanwhile is seen when a test says so.
    settings: { 'butterbaseDO.refreshInterval': 0 },
    expectedErrors: [
      /TOO_MANY_CLASSES/,
      /DOES_NOT_LOAD/,
      /EXTERNAL_CLOUDFLARE_ERROR|DEPLOY_FAILED|APP_STUCK|10079/,
    ],
  });
  skipAfterFailure();
  let platform: PlatformElsewhere;

  suiteSetup(async () => {
    const { window, workspace } = editor;
    platform = await PlatformElsewhere.start();
    await platform.signIn(editor.server);
    const names = ['counter', 'visits', 'extra'];
    const classes = Object.fromEntries(
      names.map((name) => [name, { source: `durable-objects/${name}.ts`, accessMode: 'public' }]),
    );
    await workspace.write('.butterbase/durable-objects.json', JSON.stringify({ classes }));
    await workspace.write('durable-objects/counter.ts', counting('Counter'));
    await workspace.write('durable-objects/visits.ts', counting('Visits'));
    await workspace.write('durable-objects/extra.ts', counting('Extra'));
    await platform.register('counter', counting('Counter'));
    await platform.call('counter', 'main', 'POST');
    await window.showView();
    await window.treeItem(/^Durable Object counter, status ready.*in sync/).waitFor();
  });

  suiteTeardown(async () => {
    await platform.stop();
  });

  test('a renamed class: the name is kept in the source', async () => {
    const { window } = editor;
    await window.openFile('counter.ts');
    await window.replaceText(counting('Tally'));
    await window.deployActiveFile();
    const question = /Deploying counter would destroy all instances of Counter and everything they stored/;
    await window.dialog(question).waitFor();
    await window.screenshot('renamed');
    await window.confirm(question, 'Keep the Class Name Counter');
    await window.toast('counter is deployed in local-app with this source already').waitFor();
    await window.screenshot('renamed-kept');
    assert.equal(await fileText('counter'), counting('Counter'));
    assert.deepEqual(await platform.classes(), ['counter: READY Counter']);
    assert.equal(await platform.call('counter', 'main'), '1');
    await window.clearToasts();
  });

  test('a renamed class: it is deployed beside the old one, which keeps what it stored', async () => {
    const { window } = editor;
    await window.replaceText(counting('Tally'));
    await window.deployActiveFile();
    await window.confirm(/would destroy all instances of Counter/, 'Deploy Beside counter…');
    await window.quick.waitFor('Name of the new Durable Object');
    await window.screenshot('renamed-beside');
    await window.quick.accept();
    await window.treeItem(/^Durable Object tally, status ready.*in sync/).waitFor();
    await window.treeItem(/^Durable Object counter, status ready.*no local file/).waitFor();
    await window.screenshot('renamed-beside-done');
    assert.deepEqual(await platform.classes(), ['counter: READY Counter', 'tally: READY Tally']);
    assert.equal(await platform.call('counter', 'main'), '1');
    await window.clearToasts();
  });

  test('a renamed class: its data is lost when its name is typed, and its source stays', async () => {
    const { window } = editor;
    await window.replaceText(counting('Score'));
    await window.deployActiveFile();
    await window.confirm(/would destroy all instances of Tally/, 'Destroy Its Data…');
    await window.quick.waitFor('Type Tally to destroy');
    await window.quick.type('Tall');
    await window.quick.message.filter({ hasText: 'Type Tally exactly' }).waitFor();
    await window.screenshot('renamed-typing');
    await window.quick.type('Tally');
    await window.quick.accept();
    await window.toast(/tally is deployed again/).waitFor();
    await window.screenshot('renamed-destroyed');
    assert.deepEqual(await platform.classes(), ['counter: READY Counter', 'tally: READY Score']);
    await window.clearToasts();
  });

  test('a helper of the same name in two files is renamed in the file that changed last', async () => {
    const { window } = editor;
    const helper = (use: string): string =>
      `function twice(n: number): number {\n  return n * 2;\n}\n// twice as much\nexport const ${use} = (): number => twice(2);\n`;
    assert.equal(await platform.register('counter', counting('Counter', helper('four'))), 200);
    await window.openFile('visits.ts');
    await window.replaceText(counting('Visits', helper('also')));
    await window.deployActiveFile();
    const refused = window.toast(/twice/);
    await refused.waitFor();
    await window.screenshot('collision');
    await refused.getByRole('button', { name: 'Rename twice…', exact: true }).click();
    await window.quick.waitFor('All classes of an app share their top-level names');
    await window.screenshot('collision-rename');
    await window.quick.type('doubled');
    await window.quick.accept();
    await window.treeItem(/^Durable Object visits, status ready.*in sync/).waitFor();
    await window.screenshot('collision-renamed');
    const text = await fileText('visits');
    assert.match(text, /function doubled\(n.*=> doubled\(2\)/s);
    assert.doesNotMatch(text, /twice\(/);
    assert.equal(await platform.source('visits'), text);
    await window.clearToasts();
  });

  test('a class in ERROR is brought back from the history before another is deployed', async () => {
    const { window } = editor;
    assert.equal(await platform.register('counter', counting('Counter', BROKEN)), 502);
    await window.command('Durable Objects: Refresh');
    await window.treeItem(/^Durable Object counter, status error/).waitFor();
    await window.openFile('visits.ts');
    await window.replaceText(counting('Visits', '// later\n'));
    await window.deployActiveFile();
    const question = /Deploying visits would destroy all instances of Counter/;
    await window.dialog(question).waitFor();
    await window.screenshot('in-error');
    await window.confirm(question, 'Repair counter First');
    await window.toast(/visits is deployed again/).waitFor();
    await window.treeItem(/^Durable Object counter, status ready/).waitFor();
    await window.screenshot('in-error-repaired');
    assert.equal(await platform.source('visits'), counting('Visits', '// later\n'));
    assert.doesNotMatch(await platform.source('counter'), /at load/);
    assert.equal(await platform.call('counter', 'main'), '1');
    await window.clearToasts();
  });

  test('a class in ERROR that was never seen to work is brought back from its file', async () => {
    const { window } = editor;
    assert.equal(await platform.register('extra', counting('Extra', '// first\n')), 200);
    assert.equal(await platform.call('extra', 'main', 'POST'), '1');
    assert.equal(await platform.register('extra', counting('Extra', BROKEN)), 502);
    await window.replaceText(counting('Visits', '// latest\n'));
    await window.deployActiveFile();
    await window.confirm(/Deploying visits would destroy all instances of Extra/, 'Repair extra First');
    await window.toast(/visits is deployed again/).waitFor();
    assert.equal(await platform.source('extra'), counting('Extra'));
    assert.equal(await platform.call('extra', 'main'), '1');
    await window.clearToasts();
  });

  test('the sixth class is not sent; one is deleted to make room, and then it is deployed by itself', async () => {
    const { window, workspace } = editor;
    assert.equal(await platform.register('fifth', counting('Fifth')), 200);
    assert.equal(await platform.call('fifth', 'main', 'POST'), '1');
    await workspace.write('durable-objects/sixth.ts', counting('Sixth'));
    await window.openFile('sixth.ts');
    await window.deployActiveFile('public');
    const refused = window.toast(/this would be number 6/);
    await refused.waitFor();
    await window.screenshot('sixth');
    assert.match(await refused.innerText(), /counter, extra, fifth, tally and visits/);
    assert.equal((await platform.classes()).length, 5);
    await refused.getByRole('button', { name: 'Delete a Class…', exact: true }).click();
    await window.quick.waitFor('Class to delete with everything');
    await window.screenshot('sixth-which');
    await window.quick.pick('tally');
    await window.quick.waitFor('This destroys every instance of Score');
    await window.quick.type('tally');
    await window.quick.accept();
    await window.treeItem(/^Durable Object sixth, status ready.*in sync/).waitFor();
    await window.screenshot('sixth-deployed');
    assert.deepEqual(await platform.classes(), [
      'counter: READY Counter',
      'extra: READY Extra',
      'fifth: READY Fifth',
      'sixth: READY Sixth',
      'visits: READY Visits',
    ]);
    await window.clearToasts();
  });

  test('a class that runs on although its row is gone is told of, and comes back with what it stored', async () => {
    const { window } = editor;
    await platform.fault({ name: 'serverError' });
    await window.fromMenu(window.treeItem(/^Durable Object fifth, /), 'Delete...');
    await window.quick.waitFor('This destroys every instance of Fifth');
    await window.quick.type('fifth');
    await window.quick.accept();
    await window.toast(/fifth is no longer listed/).waitFor();
    const trouble = window.treeItem(/^Trouble: fifth /);
    await trouble.waitFor();
    await window.screenshot('row-gone');
    await window.clearToasts();
    await window.openFile('visits.ts');
    await window.replaceText(counting('Visits', '// even later\n'));
    await window.deployActiveFile();
    await window.dialog(/Deploying visits would destroy all instances of Fifth/).waitFor();
    await window.screenshot('row-gone-deploy');
    await window.page.keyboard.press('Escape');
    await trouble.click();
    await window.answer(/fifth was deleted, but the platform could not take/, 'Restore fifth…');
    await window.quick.waitFor('Source of fifth, from the newest');
    await window.quick.accept();
    await window.treeItem(/^Durable Object fifth, status ready/).waitFor();
    await trouble.waitFor({ state: 'detached' });
    await window.screenshot('row-gone-restored');
    assert.equal(await platform.call('fifth', 'main'), '1');
    await window.clearToasts();
  });

  test('a variable of the whole app that has the name of a binding is told of, and nothing is sent', async () => {
    const { window } = editor;
    await platform.setVariable('SIXTH', 'taken');
    const before = await platform.classes();
    await window.command('Durable Objects: Refresh');
    const trouble = window.treeItem(/^Trouble: SIXTH blocks every deploy/);
    await trouble.waitFor();
    await window.screenshot('blocked-by-variable');
    await window.openFile('visits.ts');
    await window.deployActiveFile();
    await window.toast(/The whole app has a variable SIXTH/).waitFor();
    await window.screenshot('blocked-by-variable-deploy');
    assert.deepEqual(await platform.classes(), before);
    await window.clearToasts();
    await platform.setVariable('SIXTH', null);
    await window.command('Durable Objects: Refresh');
    await trouble.waitFor({ state: 'detached' });
  });

  test('an app whose migration tag is lost is recognised, and a report for the support has no secret in it', async () => {
    const { window } = editor;
    await platform.fault({ name: 'tagMoved' });
    await window.openFile('visits.ts');
    await window.deployActiveFile();
    await window.toast(/10079/).waitFor();
    await window.screenshot('tag-lost-first');
    await window.clearToasts();
    await window.deployActiveFile();
    await window.treeItem(/^Trouble: Every deploy of this app fails/).waitFor();
    await window.screenshot('tag-lost');
    await window.clearToasts();
    await window.openFile('sixth.ts');
    await window.replaceText(counting('Sixth', '// changed\n'));
    await window.deployActiveFile();
    await window.answer(/lost the migration tag of the app’s worker/, 'Copy Report for Support');
    const report = await window.untilClipboard(/^App: /);
    await window.toast('The report is on the clipboard').waitFor();
    await window.screenshot('tag-lost-report');
    assert.match(report, /sixth \(Sixth\): READY/);
    assert.match(report, /visits \(Visits\): ERROR.*10079/);
    assert.ok(!report.includes(platform.apiKey), report);
    assert.doesNotMatch(report, /DurableObjectState/);
    assert.ok((await platform.classes()).includes('sixth: READY Sixth'));
  });

  async function fileText(name: string): Promise<string> {
    return await readFile(editor.workspace.path(`durable-objects/${name}.ts`), 'utf8');
  }
});
