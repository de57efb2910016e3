import { toError, type DoError } from '../core/errors.ts';
import type { App, DoClass } from '../core/model/app.ts';

export interface SupportCase {
  readonly app: App;
  /** Address of the platform. */
  readonly platform: string;
  readonly rows: readonly DoClass[];
  readonly error: DoError;
  readonly at: Date;
}

/** What the platform's support needs to mend an app that is stuck. No source, no value, no key. */
export function supportReport({ app, platform, rows, error, at }: SupportCase): string {
  return [
    `App: ${app.id} (${app.name}) on ${platform}`,
    `Time: ${at.toISOString()}`,
    `State: ${error.code}: ${error.message}`,
    ...causesOf(error).map((text) => `Error: ${text}`),
    'Classes:',
    ...rows.map(
      ({ name, className, status, lastDeployedAt, errorMessage }) =>
        `- ${name} (${className}): ${status}, last deployed ${lastDeployedAt ?? 'never'}${errorMessage === undefined ? '' : `, ${errorMessage}`}`,
    ),
    ...(rows.length === 0 ? ['- none'] : []),
    '',
  ].join('\n');
}

function causesOf(error: Error): string[] {
  const texts: string[] = [];
  for (let cause = error.cause; cause !== undefined && texts.length < 5; cause = toError(cause).cause) {
    const { message } = toError(cause);
    if (!texts.includes(message)) texts.push(message);
  }
  return texts;
}
