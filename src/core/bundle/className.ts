import { readFacts, type SourceFacts } from '../source/facts.ts';
import { BundleError } from './bundleError.ts';

/** Import declarations of a DO source may only name modules of the runtime. */
export const ALLOWED_IMPORT_PREFIX = 'cloudflare:';

/**
 * The name of the one class that a DO source exports.
 * @throws BundleError with the code and message of the platform, for the first of its checks that fails:
 *   imports, then default exports, then the number of exported classes.
 */
export function extractClassName(code: string): string {
  const verdict = checkSource(readFacts(code));
  if (verdict instanceof BundleError) throw verdict;
  return verdict;
}

/** As {@link extractClassName}, on a source that is parsed already; gives the refusal instead of throwing it. */
export function checkSource(facts: SourceFacts): string | BundleError {
  for (const { specifier } of facts.imports) {
    if (!specifier.text.startsWith(ALLOWED_IMPORT_PREFIX)) {
      return new BundleError(
        'DISALLOWED_IMPORT',
        `Import '${specifier.text}' is not allowed. v1 DO source files may only import from cloudflare:* (e.g. 'cloudflare:workers'). npm packages are not supported.`,
      );
    }
  }
  if (facts.defaultClasses.length > 0) {
    return new BundleError(
      'EXPORT_DEFAULT_NOT_SUPPORTED',
      "Source uses 'export default class' which is not supported. Use named export instead: 'export class YourClassName {}'.",
    );
  }
  const names = facts.exportedClasses.map((node) => node.name.text);
  const [name] = names;
  if (name === undefined) {
    return new BundleError(
      'NO_EXPORTED_CLASS',
      "Source must export exactly one class via 'export class YourClassName {}'. None found.",
    );
  }
  if (names.length > 1) {
    return new BundleError(
      'MULTIPLE_EXPORTED_CLASSES',
      `Source must export exactly one class. Found ${names.length}: ${names.join(', ')}`,
    );
  }
  return name;
}
