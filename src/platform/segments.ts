import { DoError, ERROR_CODES } from '../core/errors.ts';
import { envKeyProblem, isDoName, MAX_PATH_NAME_LENGTH } from '../core/model/names.ts';

/**
 * Path segments of the platform's routes. Whatever would leave the namespace of the route it is meant for, or
 * that the platform cannot route, is refused here before anything is sent.
 */

/** An app id as a path segment. @throws DoError `INVALID_INPUT` */
export function appSegment(appId: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(appId) || appId.length > MAX_PATH_NAME_LENGTH) {
    throw invalid(
      'That is not the id of an app.',
      'Name an app by its id, which looks like app_wz5kna6c0e7d.',
    );
  }
  return encodeURIComponent(appId);
}

/**
 * A DO name as a path segment.
 * @param purpose the platform answers `GET …/env` with the env keys, so a class of that name can be deleted
 *   but not read.
 * @throws DoError `INVALID_INPUT`
 */
export function nameSegment(name: string, purpose: 'read' | 'delete'): string {
  if (!isDoName(name)) {
    throw invalid(
      'That is not a name of a Durable Object.',
      'Names are lower-case letters and digits, in parts joined by single dashes, such as chat-room.',
    );
  }
  if (name.length > MAX_PATH_NAME_LENGTH) {
    throw invalid(
      `The platform cannot reach a Durable Object whose name has more than ${MAX_PATH_NAME_LENGTH} characters; this one has ${name.length}.`,
      'Deploy the class under a shorter name, and ask the support of the platform to remove this one.',
    );
  }
  if (name === 'env' && purpose === 'read') {
    throw invalid(
      'The platform cannot show a Durable Object named "env": that address lists the environment keys.',
      'Deploy the class under another name.',
    );
  }
  return encodeURIComponent(name);
}

/**
 * An env key as a path segment.
 * @param purpose what may be set is checked strictly; whatever is stored may be deleted, also a reserved key
 *   that came with a cloned app.
 * @throws DoError `INVALID_INPUT`
 */
export function envKeySegment(key: string, purpose: 'set' | 'delete'): string {
  const problem = envKeyProblem(key);
  const stored = purpose === 'delete' && problem === 'reserved' && /^[A-Z_][A-Z0-9_]{0,99}$/.test(key);
  if (problem !== undefined && !stored) {
    throw invalid(
      problem === 'reserved'
        ? 'Keys that begin with BUTTERBASE_ are reserved for the platform.'
        : 'That is not an environment key that the platform accepts.',
      `Use capital letters, digits and underscores, at most ${MAX_PATH_NAME_LENGTH}, no digit first.`,
    );
  }
  return encodeURIComponent(key);
}

function invalid(message: string, nextStep: string): DoError {
  return new DoError({ code: ERROR_CODES.invalidInput, message, nextStep });
}
