import * as vscode from 'vscode';
import { DoError, ERROR_CODES } from '../../core/errors.ts';
import { lossesIn } from '../../operations/previews.ts';
import { SHOWN_ELSEWHERE } from '../commands/changeProgress.ts';
import { type AgreedLosses, agreeToLosses, NO_LOSSES } from '../commands/losses.ts';
import type { Parts } from '../parts.ts';
import { memoryKey } from '../session/connections.ts';
import type { ReadySession } from '../session/session.ts';
import { requireTrust } from '../trust.ts';
import type { AskedChange, LossQuestions } from './lossQuestions.ts';

/** A change that a person wants. */
export type EnvWish = AskedChange &
  ({ readonly kind: 'setEnv'; readonly value: string } | { readonly kind: 'deleteEnv' });

/** What came of it. */
export interface EnvResult {
  readonly redeployed: boolean;
  /** DO names of classes that were brought back before it. */
  readonly repaired: readonly string[];
}

/**
 * Makes the changes of the env panel. One that would destroy stored data is refused before anything is sent; then the
 * person is asked in the panel, and it goes on by itself with what they agreed to.
 */
export class EnvChanger {
  readonly #parts: Pick<Parts, 'session' | 'files'>;
  readonly #questions: LossQuestions;

  constructor(parts: Pick<Parts, 'session' | 'files'>, questions: LossQuestions) {
    this.#parts = parts;
    this.#questions = questions;
  }

  /** The session, when it still is with the app that the person saw. @throws DoError when nothing may be changed now */
  sessionFor(appId: string): ReadySession {
    requireTrust();
    const session = this.#parts.session.current;
    if (session.kind === 'ready' && idOf(session) === appId) return session;
    throw new DoError({
      code: ERROR_CODES.invalidInput,
      message: vscode.l10n.t('Nothing was changed: the connection or the app has changed meanwhile.'),
      nextStep: vscode.l10n.t('Look at what is shown now, then try again.'),
    });
  }

  /** @throws DoError `CANCELLED` when the person took no way out */
  async change(wish: EnvWish): Promise<EnvResult> {
    let agreed: AgreedLosses = NO_LOSSES;
    try {
      for (;;) {
        const session = this.sessionFor(wish.appId);
        try {
          const { redeployed } = await send(session, wish, agreed);
          return { redeployed, repaired: agreed.repairs.map(({ input }) => input.name) };
        } catch (error) {
          const losses = lossesIn(error);
          if (losses === undefined) throw error;
          const what = vscode.l10n.t('Changing {0}', wish.key);
          const asking = { files: this.#parts.files, session, progress: SHOWN_ELSEWHERE };
          const more = await agreeToLosses(asking, what, losses, [], (question) =>
            this.#questions.ask(wish, question),
          );
          agreed = {
            allowDestroy: [...agreed.allowDestroy, ...more.allowDestroy],
            repairs: [...agreed.repairs, ...more.repairs],
          };
        }
      }
    } finally {
      this.#questions.over(wish);
    }
  }
}

/** Tells the apps of all platforms apart: two platforms may have apps of one id. */
export function idOf({ connection, app }: ReadySession): string {
  return `${memoryKey(connection)} ${app.id}`;
}

function send(
  { operations }: ReadySession,
  wish: EnvWish,
  agreed: AgreedLosses,
): Promise<{ redeployed: boolean }> {
  return wish.kind === 'setEnv'
    ? operations.setEnv(wish.key, wish.value, agreed)
    : operations.deleteEnv(wish.key, agreed);
}
