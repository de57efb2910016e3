import { MAX_REGISTER_BODY_BYTES } from '../../core/model/names.ts';

/** Why a file cannot be deployed. `tooLarge`: the register request with it would pass the platform's limit. */
export type SourceProblem = 'empty' | 'binary' | 'notUtf8' | 'tooLarge';

/** The text of UTF-8 bytes without a BOM, or undefined when they are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The source in the bytes of a file, or why it is none that can be deployed. */
export function decodeSource(
  bytes: Uint8Array,
): { readonly text: string } | { readonly problem: SourceProblem } {
  if (bytes.byteLength > MAX_REGISTER_BODY_BYTES) return { problem: 'tooLarge' };
  if (bytes.includes(0)) return { problem: 'binary' };
  const text = decodeUtf8(bytes);
  if (text === undefined) return { problem: 'notUtf8' };
  if (text.trim() === '') return { problem: 'empty' };
  if (registerBytes(text) > MAX_REGISTER_BODY_BYTES) return { problem: 'tooLarge' };
  return { text };
}

/** Bytes that the request has at least: the source as JSON in the shortest request around it. */
function registerBytes(text: string): number {
  const body = JSON.stringify({ name: 'x', code: text, access_mode: 'public' });
  return new TextEncoder().encode(body).byteLength;
}
