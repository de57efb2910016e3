import { DoError } from '../../core/errors.ts';
import { ALREADY_SENT } from '../../operations/change.ts';
import type { OpenApp } from '../connect/openApp.ts';
import type { Output } from '../output/output.ts';

/**
 * Makes a change. When somebody stops it although it was sent already, waits for its end and looks what became
 * of it.
 * @param wasMade reads whether the change was made
 * @returns whether somebody stopped it, in vain
 * @throws DoError what the change throws, `ALREADY_SENT` too when it was not made
 */
export async function sendOrWait(
  output: Output,
  { parts, app }: OpenApp,
  send: () => Promise<unknown>,
  wasMade: () => Promise<boolean>,
): Promise<boolean> {
  try {
    await send();
    return false;
  } catch (error) {
    if (!(error instanceof DoError && error.code === ALREADY_SENT)) throw error;
    output.say('It was sent already: waiting for what becomes of it. Press Ctrl-C again to leave.');
    if (await parts.queue.run(`${parts.origin} ${app.id}`, wasMade)) return true;
    throw error;
  }
}
