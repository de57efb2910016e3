import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { toolEnv } from './node24.mjs';
import { cache, root } from './paths.mjs';
import { run, step } from './run.mjs';

const pinned = path.join(root, 'test', 'rig');
const lock = readFileSync(path.join(pinned, 'package-lock.json'), 'utf8');
const { version } = JSON.parse(lock).packages['node_modules/code-server'];
/** Stands in for a native module that would have to be compiled. */
const logger = path.join(pinned, 'spdlog.cjs');
const key = createHash('sha256').update(lock).update(readFileSync(logger)).digest('hex').slice(0, 8);
const folder = path.join(cache, `code-server-${version}-${key}`);

/** The script that starts code-server: run it with Node 24. */
export const codeServerEntry = path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');

/**
 * Installs code-server, a VS Code in the browser, from npm without compiling anything: its native modules have
 * fallbacks, and the one that writes log files gets a stand-in. It is put together beside its place and moved there
 * when complete, so that an interrupted install is never taken for a whole one.
 */
export async function installCodeServer() {
  if (existsSync(folder)) return;
  await step(`Installing VS Code for the browser (code-server ${version})`, async () => {
    await mkdir(cache, { recursive: true });
    await removeOthers();
    const draft = `${folder}.draft-${process.pid}`;
    await mkdir(draft, { recursive: true });
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
      await cp(path.join(pinned, file), path.join(draft, file));
    }
    const env = toolEnv();
    await run('npm', ['ci', '--ignore-scripts'], { cwd: draft, env });
    // code-server's postinstall does this, and compiles. Shrinkwraps that it ships pin both.
    const vscode = path.join(draft, 'node_modules', 'code-server', 'lib', 'vscode');
    const install = ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', install, { cwd: vscode, env });
    await run('npm', install, { cwd: path.join(vscode, 'extensions'), env });
    await cp(logger, path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'));
    const system = process.platform === 'darwin' ? 'darwin' : 'linux';
    await link(`code-${system}.sh`, path.join(vscode, 'bin', 'remote-cli', 'code-server'));
    await link(`browser-${system}.sh`, path.join(vscode, 'bin', 'helpers', 'browser.sh'));
    await rename(draft, folder);
  });
}

/** Other versions and what interrupted installs left. A draft that a living process works on stays. */
async function removeOthers() {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith('code-server-')) continue;
    const maker = /\.draft-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && isAlive(Number(maker))) continue;
    await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function link(target, file) {
  await rm(file, { force: true });
  await symlink(target, file);
}
