type Env = Readonly<Record<string, string | undefined>>;

/** Whether a stream takes colours: one that is a terminal does, unless a variable says otherwise. */
export function hasColours(stream: { readonly isTTY?: boolean }, env: Env): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
