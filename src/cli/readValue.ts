import { StringDecoder } from 'node:string_decoder';
import { cancelled } from '../platform/networkErrors.ts';
import { usageError } from './usageError.ts';

/** Where a value is read from: standard input. */
export interface ValueInput extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/**
 * A value that must not be seen or land in a shell's history: typed without echo, or everything that comes in
 * through a pipe, without the line end that `echo` adds.
 *
 * @param ask writes the question
 * @throws DoError `USAGE` when nothing comes, `CANCELLED` for Ctrl-C
 */
export async function readValue(
  key: string,
  input: ValueInput,
  ask: (text: string) => void,
): Promise<string> {
  if (input.isTTY === true) return typed(key, input, ask);
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of input)
    text += typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
  text += decoder.end();
  const value = text.replace(/\r?\n$/, '');
  if (value !== '') return value;
  throw usageError(`No value for ${key} came in. For an empty value, give ${key}=.`, 'env');
}

async function typed(key: string, input: ValueInput, ask: (text: string) => void): Promise<string> {
  ask(`Value of ${key} (not shown): `);
  const decoder = new StringDecoder('utf8');
  let value = '';
  input.setRawMode?.(true);
  try {
    for await (const chunk of input) {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      for (const sign of text) {
        if (sign === '\r' || sign === '\n') return value;
        if (sign === '\u0003' || sign === '\u0004') throw cancelled();
        // Ctrl-U takes back everything, Backspace one sign.
        if (sign === '\u0015') value = '';
        else if (sign === '\u007F' || sign === '\b') value = value.replace(/.$/su, '');
        else value += sign;
      }
    }
    throw cancelled();
  } finally {
    input.setRawMode?.(false);
    ask('\n');
  }
}
