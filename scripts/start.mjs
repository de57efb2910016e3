// Opens the extension with a sample workspace: in desktop VS Code when `code` is on PATH, else in a VS Code in the
// browser, with the embedded platform running. Usage: npm start -- [--no-open] [--port N] [--browser] [--folder DIR]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node24, reranUnderNode24, toolEnv } from './lib/node24.mjs';
import { cache, root } from './lib/paths.mjs';
import { run, step } from './lib/run.mjs';
import { setup } from './setup.mjs';

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: process.env.CI !== undefined },
    browser: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    // Where the workspace, the editor's user data and the platform's state are kept between starts.
    folder: { type: 'string', default: path.join(cache, 'start') },
  },
});
const folder = path.resolve(values.folder);
const workspace = path.join(folder, 'workspace');
const state = path.join(folder, 'platform');

try {
  await start();
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

async function start() {
  const desktop = !values.browser && onPath('code');
  await setup({ editor: !desktop, browser: false });
  // The rig is TypeScript, which Node runs as it is from version 24 on.
  if (!desktop && (await reranUnderNode24(fileURLToPath(import.meta.url)))) return;
  await step('Building', () => run(node24(), [path.join('scripts', 'build.mjs')], { cwd: root }));
  await copySample();
  await (desktop ? openDesktop() : serveBrowser());
}

/** The copy stays between starts, with what was changed in it; the repository's sample stays as it is. */
async function copySample() {
  if (existsSync(workspace)) return;
  await mkdir(folder, { recursive: true });
  await cp(path.join(root, 'test', 'rig', 'sample'), workspace, { recursive: true });
  // What "New Durable Object" writes beside a class, so that the classes type-check.
  for (const file of [
    'dist/types/workers.d.ts',
    'media/types/butterbase.d.ts',
    'media/types/tsconfig.json',
  ]) {
    await cp(path.join(root, file), path.join(workspace, 'durable-objects', path.basename(file)));
  }
}

async function openDesktop() {
  await run('code', ['--new-window', `--extensionDevelopmentPath=${root}`, workspace], { show: true });
  console.log(
    '\nDesktop VS Code opens with the extension. Its Durable Objects view starts the embedded platform.',
  );
}

async function serveBrowser() {
  const { CodeServer } = await import('../test/rig/codeServer.ts');
  const { RUN_VARIABLE } = await import('../test/rig/processes.ts');
  let server;
  let stopping;
  const stop = (code) =>
    (stopping ??= (async () => {
      console.log('\nStopping …');
      await server?.stop();
      process.exit(code);
    })());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0));

  server = await CodeServer.start({
    extension: 'repository',
    folder,
    port: Number(values.port),
    settings: { 'butterbaseDO.local.stateFolder': state },
  });
  let ready;
  try {
    ready = await startPlatform({ [RUN_VARIABLE]: server.run });
  } catch (error) {
    console.error(`\n${error.message}`);
    await stop(1);
  }
  const url = server.url(workspace);
  console.log(`
  VS Code:            ${url}
  Embedded platform:  ${ready.url}${ready.apps.map((app) => `\n  Instances of ${app.name}: ${app.origin}/_do/<class>/<instance>`).join('')}
  Sample workspace:   ${path.relative(process.cwd(), workspace)}

  In the editor, the cube in the bar at the left shows the classes; "Deploy" stands above each class in its file.
  Ctrl-C ends everything.`);
  if (!values['no-open']) openUrl(url);
  await server.ended();
  await stop(1);
}

/** Starts the embedded platform on the state folder that the editor uses too; resolves to its first line. */
async function startPlatform(env) {
  const child = spawn(node24(), [path.join(root, 'dist', 'cli.js'), 'local', '--state', state, '--json'], {
    env: toolEnv(env),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  return await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The embedded platform ended with ${code}.`)));
  });
}

function openUrl(url) {
  const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform];
  if (opener === undefined || !onPath(opener)) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .once('error', () => {})
    .unref();
}

function onPath(command) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return folders.some((each) => endings.some((ending) => existsSync(path.join(each, command + ending))));
}
