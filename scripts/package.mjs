// Makes the VSIX for the system it runs on. Usage: npm run package -- [--out FILE]
import { copyFile, chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installDependencies } from './lib/dependencies.mjs';
import { node24, toolEnv } from './lib/node24.mjs';
import { noticesFor } from './lib/notices.mjs';
import { root } from './lib/paths.mjs';
import { run, step } from './lib/run.mjs';

/** vsce's name of a system -> the npm package with workerd for it. */
const WORKERD = {
  'linux-x64': 'workerd-linux-64',
  'linux-arm64': 'workerd-linux-arm64',
  'darwin-x64': 'workerd-darwin-64',
  'darwin-arm64': 'workerd-darwin-arm64',
  'win32-x64': 'workerd-windows-64',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  await installDependencies();
  const file = await makePackage(values.out);
  const megabytes = (await stat(file)).size / 1e6;
  console.log(`${path.relative(process.cwd(), file)} (${megabytes.toFixed(1)} MB)`);
}

/** Resolves to the path of the VSIX. It replaces dist/ by a production build. */
export async function makePackage(out) {
  const target = `${process.platform}-${process.arch}`;
  if (WORKERD[target] === undefined)
    throw new Error(`There is no workerd for ${target}, so no package either.`);
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(out ?? path.join(root, `${name}-${target}-${version}.vsix`));
  // Imported here: esbuild is there only after the dependencies are.
  const { build } = await import('./build.mjs');
  const inputs = await step('Building for production', () => build({ production: true }));
  await addWorkerd(target);
  await writeFile(
    path.join(root, 'dist', 'THIRD_PARTY_NOTICES.md'),
    noticesFor(inputs, ['workerd', '@vscode/codicons', '@cloudflare/workers-types']),
  );
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = [
    'package',
    '--target',
    target,
    '--no-dependencies',
    '--allow-missing-repository',
    '--out',
    file,
  ];
  await step('Packing', () => run(node24(), [vsce, ...args], { cwd: root, env: toolEnv() }));
  return file;
}

/** npm's packages hold the binary twice; the VSIX holds it once. */
async function addWorkerd(target) {
  const program = process.platform === 'win32' ? 'workerd.exe' : 'workerd';
  const folder = path.join(root, 'dist', 'bin');
  await mkdir(folder, { recursive: true });
  await copyFile(
    path.join(root, 'node_modules', '@cloudflare', WORKERD[target], 'bin', program),
    path.join(folder, program),
  );
  await chmod(path.join(folder, program), 0o755);
}
