import type { OpenApp } from '../connect/openApp.ts';

/** Where a command worked, as the first fields of each document. */
export function targetDocument({ app, target }: Pick<OpenApp, 'app' | 'target'>): object {
  return {
    platform: target.origin,
    app: { id: app.id, name: app.name },
  };
}

/** The same for people. */
export function targetText({ app, target }: Pick<OpenApp, 'app' | 'target'>): string {
  const where = target.platform === 'local' ? `the embedded platform at ${target.origin}` : target.origin;
  return `${app.name} (${app.id}) on ${where}`;
}
