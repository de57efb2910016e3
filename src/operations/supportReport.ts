import { toError } from '../core/errors.ts';
import type { App, DoClass } from '../core/model/app.ts';

/** What is wrong: an error, or a state that was recognised. */
export interface StuckFacts {
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
}

export interface SupportCase {
  readonly app: App;
  /** Address of the platform. */
  readonly platform: string;
  readonly rows: readonly DoClass[];
  readonly facts: StuckFacts;
  readonly at: Date;
}

/** What the platform's support needs to mend an app that is stuck. No source, no value, no key. */
export function supportReport({ app, platform, rows, facts, at }: SupportCase): string {
  return [
    `App: ${app.id} (${app.name}) on ${platform}`,
    `Time: ${at.toISOString()}`,
    `State: ${facts.code}: ${facts.message}`,
    ...causesOf(facts).map((text) => `Error: ${text}`),
    'Classes:',
    ...rows.map(
      ({ name, className, status, lastDeployedAt, errorMessage }) =>
        `- ${name} (${className}): ${status}, last deployed ${lastDeployedAt ?? 'never'}${errorMessage === undefined ? '' : `, ${errorMessage}`}`,
    ),
    ...(rows.length === 0 ? ['- none'] : []),
    '',
  ].join('\n');
}

function causesOf({ cause: first }: StuckFacts): string[] {
  const texts: string[] = [];
  for (let cause = first; cause !== undefined && texts.length < 5; cause = toError(cause).cause) {
    const { message } = toError(cause);
    if (!texts.includes(message)) texts.push(message);
  }
  return texts;
}
