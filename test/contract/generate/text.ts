import fc from 'fast-check';

/** A generator of texts. */
export type Text = fc.Arbitrary<string>;

/** A text with holes: `text\`const ${name} = 1;\`` generates the name anew each time. */
export function text(parts: TemplateStringsArray, ...holes: readonly (Text | string)[]): Text {
  const made = holes.map((hole) => (typeof hole === 'string' ? fc.constant(hole) : hole));
  return fc.tuple(...made).map((values) => parts.map((part, index) => part + (values[index] ?? '')).join(''));
}

/** One of the texts; those in front are what a failing case shrinks to. */
export function oneOf(...options: readonly (Text | string)[]): Text {
  return fc.oneof(
    { withCrossShrink: true, maxDepth: 3 },
    ...options.map((option) => (typeof option === 'string' ? fc.constant(option) : option)),
  );
}

/** Mostly the first, and one time in `oneIn` the second. */
export function rarely(usual: Text, rare: Text, oneIn: number): Text {
  return fc.oneof(
    { withCrossShrink: true },
    { arbitrary: usual, weight: oneIn - 1 },
    { arbitrary: rare, weight: 1 },
  );
}

/** So many of the texts, on lines of their own. */
export function lines(line: Text, most: number): Text {
  return fc.array(line, { maxLength: most }).map((all) => all.join('\n'));
}
