import * as vscode from 'vscode';
import type { AnswerToQuestion, EnvToWebview, QuestionPlace } from '../../webview/protocol/env.ts';
import type { LossQuestion } from '../commands/destruction.ts';
import { lossesOf } from './envFacts.ts';

/** What a question about losses is part of. */
export interface AskedChange {
  /** The app that the person saw. */
  readonly appId: string;
  readonly kind: 'setEnv' | 'deleteEnv';
  readonly key: string;
  /** The part of the page that the person used. */
  readonly place: QuestionPlace;
}

interface Open {
  readonly seq: number;
  readonly change: AskedChange;
  readonly ways: readonly string[];
  resolve(way: string | undefined): void;
}

/** Asks in the env panel what to do about data that a change would destroy: one question at a time. */
export class LossQuestions {
  readonly #post: (message: EnvToWebview) => void;
  #open: Open | undefined;
  #seq = 0;
  /** The last question about each change that is not over. */
  readonly #asked = new Map<AskedChange, number>();

  constructor(post: (message: EnvToWebview) => void) {
    this.#post = post;
  }

  /** Resolves to the title of the way that the person took; undefined when they took none. */
  ask(change: AskedChange, question: LossQuestion): Promise<string | undefined> {
    this.withdraw();
    const seq = (this.#seq += 1);
    this.#asked.set(change, seq);
    const { message, losses, fate, waysOut, destroy } = question;
    this.#post({
      type: 'question',
      seq,
      place: change.place,
      title: message,
      losses: lossesOf(losses),
      notes: [
        ...(waysOut.length === 0 ? [] : [afterRepair(change)]),
        vscode.l10n.t('If the data is destroyed: {0}', fate),
      ],
      ways: [...waysOut.map((title) => ({ title, destroys: false })), { title: destroy, destroys: true }],
    });
    return new Promise((resolve) => {
      this.#open = { seq, change, ways: [...waysOut, destroy], resolve };
    });
  }

  /** Takes what the page says; a page may say anything, so only a way that was offered counts. */
  answer({ seq, way }: AnswerToQuestion): void {
    const open = this.#open;
    if (open?.seq !== seq) return;
    this.#open = undefined;
    open.resolve(open.ways.find((offered) => offered === way));
  }

  /** Nobody is to answer any more: no question at all, or none about such a change. */
  withdraw(isMeant: (change: AskedChange) => boolean = () => true): void {
    const open = this.#open;
    if (open === undefined || !isMeant(open.change)) return;
    this.#open = undefined;
    open.resolve(undefined);
  }

  /** A change came to its end; what was asked about it goes from the page. */
  over(change: AskedChange): void {
    const seq = this.#asked.get(change);
    if (seq === undefined) return;
    this.#asked.delete(change);
    this.#post({ type: 'questionOver', seq });
  }
}

function afterRepair({ kind, key }: AskedChange): string {
  return kind === 'setEnv'
    ? vscode.l10n.t(
        'The repair deploys the last source that worked, or the file when that loads. Then {0} is set by itself; nothing that you typed is lost.',
        key,
      )
    : vscode.l10n.t(
        'The repair deploys the last source that worked, or the file when that loads. Then {0} is deleted by itself.',
        key,
      );
}
