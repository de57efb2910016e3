// Builds everything that runs into dist/. Usage: node scripts/build.mjs [--production] [--watch]
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { cache } from './lib/paths.mjs';
import { makeTypes } from './types.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Greatest size in bytes of the minified chunk that VS Code loads at start-up. */
const STARTUP_LIMIT = 200 * 1024;
/** Packages that must never be part of the start-up chunk: each costs tens of milliseconds to load. */
const HEAVY = ['typescript', 'undici', 'zod', 'fastify', '@typescript-eslint'];

/** Chunks that run in Node: output -> source. */
const NODE_ENTRIES = {
  'extension.js': 'src/extension.ts',
  // Loaded when first needed.
  'backend.js': 'src/ui/session/backendEntry.ts',
  'commands.js': 'src/ui/commands/commandsEntry.ts',
  'auth.js': 'src/ui/auth/authEntry.ts',
  'panels.js': 'src/ui/panels/panelsEntry.ts',
  // Modules with state of their own: what is loaded later must find the state of what was loaded first.
  'log.js': 'src/ui/log.ts',
  'contextKeys.js': 'src/ui/contextKeys.ts',
  'backendLoader.js': 'src/ui/session/backend.ts',
  'lint-worker.js': 'src/ui/diagnostics/lintWorker.ts',
  'cli.js': 'src/cli/main.ts',
};
/** Chunks that run in a webview: output without its ending -> source. */
const WEBVIEW_ENTRIES = {
  env: 'src/webview/env/main.ts',
  usage: 'src/webview/usage/main.ts',
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const started = Date.now();
  const production = process.argv.includes('--production');
  await build({ production, watch: process.argv.includes('--watch') });
  console.log(`built dist/${production ? ' for production' : ''} in ${Date.now() - started} ms`);
}

/** Resolves to the paths of all source files that became part of the built folder, from the repository. */
export async function build({ production = false, watch = false, dist = path.join(root, 'dist') }) {
  // In place: a running editor or platform may load a file of dist/ at any moment.
  if (!production) return await buildInto(dist, { production, watch });
  if (!existsSync(dist)) return await buildInto(dist, { production, watch: false });
  // Nothing of an earlier build may stay, and whoever uses that one finds a whole build at any moment.
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'build-'));
  try {
    const inputs = await buildInto(path.join(folder, 'new'), { production, watch: false });
    await rename(dist, path.join(folder, 'old'));
    await rename(path.join(folder, 'new'), dist);
    return inputs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildInto(dist, { production, watch }) {
  await mkdir(path.join(dist, 'webview'), { recursive: true });
  // The repository is ESM; the chunks are CommonJS because VS Code requires its main that way.
  await writeFile(path.join(dist, 'package.json'), '{"type":"commonjs"}\n');
  await copyFile(
    path.join(root, 'node_modules/@vscode/codicons/dist/codicon.ttf'),
    path.join(dist, 'webview/codicon.ttf'),
  );
  await copyFile(
    path.join(root, 'node_modules/@vscode/codicons/dist/codicon.css'),
    path.join(dist, 'webview/codicon.css'),
  );
  await makeTypes(path.join(dist, 'types'));
  const options = [];
  for (const [output, source] of Object.entries(NODE_ENTRIES)) {
    options.push(nodeOptions(path.join(dist, output), source, production));
  }
  for (const [name, source] of Object.entries(WEBVIEW_ENTRIES)) {
    options.push(webviewOptions(path.join(dist, 'webview', `${name}.js`), source, production));
  }
  const inputs = new Set();
  if (watch) {
    for (const each of options) await (await esbuild.context(each)).watch();
    return [];
  }
  await Promise.all(
    options.map(async (each) => {
      const { metafile } = await esbuild.build(each);
      for (const input of Object.keys(metafile.inputs)) inputs.add(input);
      if (path.basename(each.outfile) === 'extension.js') await checkStartup(metafile, each, production);
    }),
  );
  await chmod(path.join(dist, 'cli.js'), 0o755);
  return [...inputs];
}

function common(production) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
  };
}

function nodeOptions(outfile, source, production) {
  return {
    ...common(production),
    entryPoints: [source],
    outfile,
    platform: 'node',
    format: 'cjs',
    // Node of the oldest VS Code that engines.vscode allows.
    target: 'node22',
    external: ['vscode'],
    // Its main entry is a UMD module whose parts a bundler cannot find.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [oneApiObject(), ownChunks(source)],
  };
}

/** Leaves a module that is a chunk of its own out of the chunks that import it. */
function ownChunks(entry) {
  const chunks = new Map(
    Object.entries(NODE_ENTRIES)
      .filter(([, source]) => source !== entry)
      .map(([output, source]) => [path.join(root, source), `./${output}`]),
  );
  return {
    name: 'own-chunks',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path: wanted, resolveDir }) => {
        const chunk = chunks.get(path.resolve(resolveDir, wanted));
        return chunk === undefined ? undefined : { path: chunk, external: true };
      });
    },
  };
}

/**
 * Lets all files share one namespace object of `vscode`. Otherwise each file that imports it makes its own and
 * copies every property of the API into it, which took most of the time that loading the extension took.
 */
function oneApiObject() {
  return {
    name: 'one-api-object',
    setup(build) {
      build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
        namespace === 'vscode-api'
          ? { path: 'vscode', external: true }
          : { path: 'vscode', namespace: 'vscode-api' },
      );
      build.onLoad({ filter: /.*/, namespace: 'vscode-api' }, () => ({
        contents: "export * from 'vscode';",
      }));
    },
  };
}

function webviewOptions(outfile, source, production) {
  return {
    ...common(production),
    entryPoints: [source],
    outfile,
    platform: 'browser',
    format: 'iife',
    target: 'chrome134',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  };
}

/** Fails when the chunk that is loaded at start-up is too big or drags a heavy package in. */
async function checkStartup(metafile, options, production) {
  const heavy = Object.keys(metafile.inputs).filter((input) =>
    HEAVY.some((name) => input.includes(`node_modules/${name}/`)),
  );
  if (heavy.length > 0) {
    throw new Error(
      `dist/extension.js contains packages that are too heavy for start-up:\n  ${heavy.join('\n  ')}`,
    );
  }
  const bytes = production ? (await stat(options.outfile)).size : await minifiedSize(options);
  if (bytes >= STARTUP_LIMIT) {
    throw new Error(`dist/extension.js has ${bytes} bytes minified; the limit is ${STARTUP_LIMIT}`);
  }
  console.log(`  dist/extension.js: ${(bytes / 1024).toFixed(1)} KB minified`);
}

/** The size that a production build of the same chunk has. */
async function minifiedSize(options) {
  const { outputFiles } = await esbuild.build({ ...options, minify: true, sourcemap: false, write: false });
  return outputFiles[0].contents.byteLength;
}
