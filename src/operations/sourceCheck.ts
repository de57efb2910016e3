import { BundleError } from '../core/bundle/bundleError.ts';
import { DoError, ERROR_CODES } from '../core/errors.ts';
import { isAccessMode, type AccessMode } from '../core/model/app.ts';
import { isDoName, MAX_PATH_NAME_LENGTH, MAX_REGISTER_BODY_BYTES } from '../core/model/names.ts';

export interface DeployInput {
  readonly name: string;
  readonly code: string;
  readonly accessMode: AccessMode;
}

/**
 * Checks what would be sent, as far as one class alone can be checked: the bundler's own rules, the limits of
 * the request, and text that the platform could not keep as it is.
 * @returns the class name.
 * @throws DoError with the bundler's code, `INVALID_INPUT` or `BAD_FILE`.
 */
export async function checkInput(input: DeployInput): Promise<string> {
  const { name, code, accessMode } = input;
  if (!isDoName(name)) {
    throw new DoError({
      code: 'INVALID_NAME',
      message: `Invalid DO name: ${name}. Must be lowercase kebab-case (e.g. 'chat-room').`,
      nextStep: 'Choose a name of lower-case letters and digits, in parts joined by single dashes.',
    });
  }
  if (name === 'env' || name.length > MAX_PATH_NAME_LENGTH) {
    throw new DoError({
      code: ERROR_CODES.invalidInput,
      message:
        name === 'env'
          ? 'A Durable Object named "env" could never be read back: the platform lists environment keys there.'
          : `A Durable Object whose name has more than ${MAX_PATH_NAME_LENGTH} characters could never be read back or deleted; this one has ${name.length}.`,
      nextStep: 'Choose another name.',
    });
  }
  if (!isAccessMode(accessMode)) {
    throw new DoError({
      code: 'INVALID_ACCESS_MODE',
      message: `There is no access mode "${String(accessMode)}".`,
      nextStep: 'Choose public, authenticated or service_key.',
    });
  }
  checkText(code);
  checkSize(input);
  return classNameOf(code);
}

function checkText(code: string): void {
  const problem =
    code.trim() === ''
      ? 'The file is empty.'
      : code.includes('\0')
        ? 'The file is not text: it has NUL bytes in it.'
        : /\p{Surrogate}/u.test(code)
          ? 'The file has half a character in it (a lone surrogate), which would not arrive as it is.'
          : undefined;
  if (problem === undefined) return;
  throw new DoError({
    code: ERROR_CODES.badFile,
    message: problem,
    nextStep: 'Deploy a UTF-8 text file with one exported class.',
  });
}

function checkSize({ name, code, accessMode }: DeployInput): void {
  const body = JSON.stringify({ name, code, access_mode: accessMode });
  const bytes = new TextEncoder().encode(body).length;
  if (bytes <= MAX_REGISTER_BODY_BYTES) return;
  throw new DoError({
    code: ERROR_CODES.badFile,
    message: `The source is too large: the request with it would have ${bytes.toLocaleString('en-US')} bytes, and the platform takes ${MAX_REGISTER_BODY_BYTES.toLocaleString('en-US')} at most.`,
    nextStep: 'Make the class smaller, for example by moving data out of its source.',
  });
}

async function classNameOf(code: string): Promise<string> {
  // Brings TypeScript with it, which only a deploy needs.
  const { extractClassName } = await import('../core/bundle/className.ts');
  try {
    return extractClassName(code);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new DoError({
      code: error.code,
      message: error.message,
      nextStep: 'Correct the source, then try again.',
      cause: error,
    });
  }
}
