/** What went wrong in a change of an app's classes; the routes turn each into the platform's status and code. */
export type DeployErrorCode =
  | 'NOT_FOUND'
  | 'INVALID_NAME'
  | 'INVALID_SOURCE'
  | 'INVALID_ENV_KEY'
  | 'RESERVED_ENV_KEY'
  | 'ENV_BINDING_COLLISION'
  | 'CF_MIGRATION_TAG_MISMATCH'
  | 'CF_INVALID_MIGRATION'
  | 'CF_DEPLOY_FAILED'
  /** What the platform did not expect, such as a source on which TypeScript itself fails. */
  | 'UNEXPECTED';

export class DeployError extends Error {
  readonly code: DeployErrorCode;

  constructor(code: DeployErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DeployError';
    this.code = code;
  }
}
