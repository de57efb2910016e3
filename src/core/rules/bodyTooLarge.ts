import { MAX_REGISTER_BODY_BYTES } from '../model/names.ts';
import type { FileRule } from './subject.ts';

const ID = 'body-too-large';

/** JSON writes a UTF-16 unit with at most this many bytes (`\u0001`). */
const MOST_BYTES_PER_UNIT = 6;

/** The register request, which carries the source as JSON, would pass what the platform reads (413). */
export const bodyTooLarge: FileRule = {
  id: ID,
  check(file) {
    const { text, name = '', accessMode = 'authenticated' } = file.input;
    if ((text.length + 1000) * MOST_BYTES_PER_UNIT <= MAX_REGISTER_BODY_BYTES) return [];
    const body = JSON.stringify({ name, code: text, access_mode: accessMode });
    const bytes = new TextEncoder().encode(body).length;
    if (bytes <= MAX_REGISTER_BODY_BYTES) return [];
    return [
      {
        rule: ID,
        code: 'REQUEST_ERROR',
        severity: 'error',
        message: `The platform refuses the deploy with 413: the request with this source in it has ${bytes.toLocaleString('en')} bytes, and at most ${MAX_REGISTER_BODY_BYTES.toLocaleString('en')} are read.`,
        range: file.classRange(),
        fixes: [],
      },
    ];
  },
};
