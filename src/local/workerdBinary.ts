import fs from 'node:fs';
import path from 'node:path';
import { DoError, ERROR_CODES } from '../core/errors.ts';

/** npm packages that hold the binary, by `<platform>-<arch>` of Node. Others have none. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'workerd-linux-64',
  'linux-arm64': 'workerd-linux-arm64',
  'darwin-x64': 'workerd-darwin-64',
  'darwin-arm64': 'workerd-darwin-arm64',
  'win32-x64': 'workerd-windows-64',
};

/** The program interpreter that the Linux binaries name: a system without it (musl) cannot start them. */
const GLIBC_LOADERS: Readonly<Record<string, string>> = {
  'linux-x64': '/lib64/ld-linux-x86-64.so.2',
  'linux-arm64': '/lib/ld-linux-aarch64.so.1',
};

export interface WorkerdSearch {
  /** Folder from which the search starts, upwards; by default that of the running script. Never the working directory: a workspace must not choose what we execute. */
  readonly near?: string;
  readonly platform?: string;
  readonly arch?: string;
  readonly exists?: (file: string) => boolean;
}

/**
 * Path of the workerd binary: `bin/workerd` or `dist/bin/workerd` of an installed extension, else that of the
 * npm package for this system. Throws a `DoError` when this system has none.
 */
export function findWorkerd(search: WorkerdSearch = {}): string {
  const exists = search.exists ?? fs.existsSync;
  const platform = search.platform ?? process.platform;
  const system = `${platform}-${search.arch ?? process.arch}`;
  const npmPackage = PACKAGES[system];
  if (npmPackage === undefined) {
    throw noWorkerd(
      `There is no workerd for ${system}, so the embedded platform cannot run here.`,
      system === 'win32-arm64'
        ? 'Open the folder in WSL, in a dev container or over SSH, or connect to a hosted or self-hosted Butterbase.'
        : 'Connect to a hosted or self-hosted Butterbase, or work on Linux (glibc), macOS or Windows (x64).',
    );
  }
  const loader = GLIBC_LOADERS[system];
  if (loader !== undefined && !exists(loader)) {
    throw noWorkerd(
      'workerd needs glibc 2.27 or later, and this Linux has none (musl, such as Alpine).',
      'Use a glibc image such as Debian or Ubuntu for the dev container, or connect to a hosted or self-hosted Butterbase.',
    );
  }
  const program = platform === 'win32' ? 'workerd.exe' : 'workerd';
  const start = search.near ?? scriptFolder();
  for (const folder of upwards(start)) {
    const candidates = [
      path.join(folder, 'bin', program),
      path.join(folder, 'dist', 'bin', program),
      path.join(folder, 'node_modules', '@cloudflare', npmPackage, 'bin', program),
    ];
    const found = candidates.find((file) => exists(file));
    if (found !== undefined) return found;
  }
  throw noWorkerd(
    `The workerd binary for ${system} is missing.`,
    'Reinstall the extension; in a checkout, run `npm install` with optional dependencies.',
  );
}

function noWorkerd(message: string, nextStep: string): DoError {
  return new DoError({ code: ERROR_CODES.localPlatform, message, nextStep });
}

function scriptFolder(): string {
  const script = process.argv[1] ?? process.execPath;
  try {
    return path.dirname(fs.realpathSync(script));
  } catch {
    return path.dirname(path.resolve(script));
  }
}

function* upwards(start: string): Generator<string> {
  let folder = path.resolve(start);
  for (;;) {
    yield folder;
    const parent = path.dirname(folder);
    if (parent === folder) return;
    folder = parent;
  }
}
