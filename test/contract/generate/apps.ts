import fc from 'fast-check';
import { brokenSource, source } from './sources.ts';
import { oneOf, rarely, type Text } from './text.ts';

/** The sources of an app, in the platform's order: by DO name. */
export interface GeneratedApp {
  readonly files: readonly { readonly name: string; readonly code: string }[];
}

const doName = rarely(
  oneOf('a-one', 'b-two', 'c-three', 'd-four', 'e-five', 'f-six', 'chat-room', 'x'),
  oneOf('2fa', 'Chat', 'a--b', 'a-', 'a_b', '', 'env', 'ž', 'a-1', 'constructor'),
  60,
);

/** Apps of one to six sources, most of them of one or two. */
export const app = appsOf(source);

/** The same with sources that most often do not parse. */
export const brokenApp = appsOf(brokenSource);

function appsOf(code: Text): fc.Arbitrary<GeneratedApp> {
  const file = fc.record({ name: doName, code });
  const files = (minLength: number, maxLength: number): fc.Arbitrary<{ name: string; code: string }[]> =>
    fc.uniqueArray(file, { minLength, maxLength, selector: ({ name }) => name });
  return fc
    .oneof(
      { withCrossShrink: true },
      { arbitrary: files(1, 1), weight: 10 },
      { arbitrary: files(2, 2), weight: 6 },
      { arbitrary: files(3, 5), weight: 3 },
      { arbitrary: files(6, 6), weight: 1 },
    )
    .map((made) => ({ files: [...made].sort((a, b) => (a.name < b.name ? -1 : 1)) }));
}

/** For a report, and to be put into a table of cases. */
export function printed({ files: made }: GeneratedApp): string {
  return made.map(({ name, code }) => `--- ${name}\n${code}\n    ${JSON.stringify(code)}`).join('\n');
}
