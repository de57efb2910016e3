// Makes the VSIX for the system it runs on. Usage: npm run package -- [--out FILE]
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installDependencies } from './lib/dependencies.mjs';
import { node24, toolEnv } from './lib/node24.mjs';
import { noticesFor } from './lib/notices.mjs';
import { cache, root } from './lib/paths.mjs';
import { run, step } from './lib/run.mjs';
import { requireWorkerd, WORKERD } from './lib/workerd.mjs';

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  await installDependencies();
  const file = await makePackage(values.out);
  const megabytes = (await stat(file)).size / 1e6;
  console.log(`${path.relative(process.cwd(), file)} (${megabytes.toFixed(1)} MB)`);
}

/** Resolves to the path of the VSIX. It is put together in a folder of its own: dist/ stays as it is. */
export async function makePackage(out) {
  const target = `${process.platform}-${process.arch}`;
  requireWorkerd();
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(out ?? path.join(root, `${name}-${target}-${version}.vsix`));
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'package-'));
  try {
    await fill(folder, target);
    const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    // The README's pictures are in the package, so its links stay as they are.
    const links = ['--allow-missing-repository', '--no-rewrite-relative-links'];
    const args = ['package', '--target', target, '--no-dependencies', ...links, '--out', file];
    await step('Packing', () => run(node24(), [vsce, ...args], { cwd: folder, env: toolEnv() }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return file;
}

/** Puts everything that .vscodeignore lets through, and that file itself, into the folder. */
async function fill(folder, target) {
  const rules = await readFile(path.join(root, '.vscodeignore'), 'utf8');
  const names = new Set(['.vscodeignore', ...[...rules.matchAll(/^!([^/*\n]+)/gm)].map(([, name]) => name)]);
  names.delete('dist');
  for (const name of names) await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  const dist = path.join(folder, 'dist');
  // Imported here: esbuild is there only after the dependencies are.
  const { build } = await import('./build.mjs');
  const inputs = await step('Building for production', () => build({ production: true, dist }));
  await addWorkerd(path.join(dist, 'bin'), target);
  await writeFile(
    path.join(dist, 'THIRD_PARTY_NOTICES.md'),
    noticesFor(inputs, [`@cloudflare/${WORKERD[target]}`, '@vscode/codicons', '@cloudflare/workers-types']),
  );
}

/** npm's packages hold the binary twice; the VSIX holds it once. */
async function addWorkerd(folder, target) {
  const program = process.platform === 'win32' ? 'workerd.exe' : 'workerd';
  await mkdir(folder, { recursive: true });
  await copyFile(
    path.join(root, 'node_modules', '@cloudflare', WORKERD[target], 'bin', program),
    path.join(folder, program),
  );
  await chmod(path.join(folder, program), 0o755);
}
