/** Why the platform's bundler refuses an app's classes. */
export type BundleErrorCode =
  | 'DISALLOWED_IMPORT'
  | 'EXPORT_DEFAULT_NOT_SUPPORTED'
  | 'NO_EXPORTED_CLASS'
  | 'MULTIPLE_EXPORTED_CLASSES'
  | 'TOO_MANY_CLASSES'
  | 'INVALID_NAME'
  | 'INVALID_ACCESS_MODE'
  | 'BUNDLE_TOO_LARGE';

/** A refusal by the bundler. The message is the one that the platform puts on the wire. */
export class BundleError extends Error {
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string) {
    super(message);
    this.name = 'BundleError';
    this.code = code;
  }
}
