import { ACCESS_MODES, isAccessMode, type AccessMode } from '../model/app.ts';
import { bindingOf, isDoName, MAX_BUNDLE_BYTES, MAX_CLASSES_PER_APP } from '../model/names.ts';
import { BundleError } from './bundleError.ts';
import { localDispatcher, platformDispatcher, type Route } from './dispatcherText.ts';
import { butterbaseHelper } from './helperText.ts';
import { hoistImports, type HoistedImports } from './hoistedImports.ts';
import { mapModule, type ModulePart, type SourceMapV3 } from './moduleMap.ts';
import { TranspileCache, type TranspiledSource } from './transpile.ts';

/** One class of the app: its DO name, its TypeScript source and who may call it. */
export interface ModuleClass {
  readonly name: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

export interface BuiltModule {
  /** The ES module, to be called `worker.mjs`. It names no source map. */
  readonly code: string;
  readonly classes: readonly {
    readonly name: string;
    readonly className: string;
    readonly binding: string;
  }[];
  /** Leads to `<name>.ts` of each class; computed when first read. */
  readonly map: SourceMapV3;
}

export interface BuildOptions {
  /** `local` adds what the embedded platform needs (see `localDispatcher`); classes see no difference. */
  readonly flavour?: 'platform' | 'local';
  readonly generatedAt?: Date;
  readonly cache?: TranspileCache;
}

/**
 * Makes the one module that the platform would upload for an app. The order of `classes` is the caller's; the
 * platform orders by DO name.
 * @throws BundleError with the code and message of the platform, for the first of its checks that fails: number
 *   of classes, then each name and access mode, then each source, then the size of the finished module
 * @throws DoError `BAD_FILE` for a source on which TypeScript itself fails
 */
export function buildModule(classes: readonly ModuleClass[], options: BuildOptions = {}): BuiltModule {
  checkClasses(classes);
  const cache = options.cache ?? new TranspileCache(classes.length);
  const named = classes.map((item) => {
    const source = cache.get(item.code);
    return { ...item, source, className: classNameOf(source), binding: bindingOf(item.name) };
  });
  const imports = hoistImports(named.map((item) => item.source.facts));
  const userParts = named.map((item) => ({
    ...item,
    before: `// === ${item.name} ===\n`,
    text: item.source.text,
  }));
  checkSize(imports, userParts);

  const local = options.flavour === 'local';
  const generatedAt = options.generatedAt ?? new Date();
  const parts: ModulePart[] = [
    {
      kind: 'generated',
      text: `// The Durable Objects of one app as one module, made at ${generatedAt.toISOString()}\n`,
    },
    { kind: 'imports', ...imports },
    { kind: 'generated', text: butterbaseHelper(local ? ['__BB_LOCAL'] : []) },
    ...userParts.flatMap((part, index): ModulePart[] => [
      { kind: 'generated', text: `${index === 0 ? '' : '\n'}${part.before}` },
      { kind: 'source', text: part.text, index },
      { kind: 'generated', text: '\n' },
    ]),
    { kind: 'dispatcher', text: (local ? localDispatcher : platformDispatcher)(userParts) },
  ];
  const mapSources = named.map(({ name, code, source }) => ({ fileName: `${name}.ts`, code, source }));
  let map: SourceMapV3 | undefined;
  return {
    code: parts.map((part) => part.text).join(''),
    classes: named.map(({ name, className, binding }) => ({ name, className, binding })),
    get map() {
      return (map ??= mapModule(parts, mapSources));
    },
  };
}

function checkClasses(classes: readonly ModuleClass[]): void {
  if (classes.length > MAX_CLASSES_PER_APP) {
    throw new BundleError(
      'TOO_MANY_CLASSES',
      `Too many DO classes for one app (max ${MAX_CLASSES_PER_APP}, got ${classes.length}).`,
    );
  }
  for (const { name, accessMode } of classes) {
    if (!isDoName(name)) {
      throw new BundleError(
        'INVALID_NAME',
        `Invalid DO name '${name}'. Names must be lowercase kebab-case (e.g. 'chat-room').`,
      );
    }
    if (!isAccessMode(accessMode)) {
      throw new BundleError(
        'INVALID_ACCESS_MODE',
        `Invalid access_mode '${String(accessMode)}'. Must be one of: ${ACCESS_MODES.join(', ')}.`,
      );
    }
  }
}

function classNameOf(source: TranspiledSource): string {
  if (source.verdict instanceof BundleError) throw source.verdict;
  return source.verdict;
}

/** UTF-8 bytes of what the platform writes around imports, sources and routes: header, helper and dispatcher. */
const PLATFORM_FRAME_BYTES = 5_754;

interface UserPart extends Route {
  readonly before: string;
  readonly text: string;
}

/** Counts what the platform's own text would weigh, not ours, so that the verdict is the same to the byte. */
function checkSize(imports: HoistedImports, parts: readonly UserPart[]): void {
  const sources = parts.map((part) => `${part.before}${part.text}\n`).join('\n');
  const routes = parts
    .map((part) => `  '${part.name}': { binding: '${part.binding}', access_mode: '${part.accessMode}' }`)
    .join(',\n');
  const bytes = PLATFORM_FRAME_BYTES + new TextEncoder().encode(imports.text + sources + routes).length;
  if (bytes > MAX_BUNDLE_BYTES) {
    throw new BundleError(
      'BUNDLE_TOO_LARGE',
      `Bundle exceeds ${MAX_BUNDLE_BYTES} bytes after concatenation.`,
    );
  }
}
