import { webSocketAcceptance } from './webSocketUse.ts';
import type { FileRule } from './subject.ts';

const ID = 'websocket-needs-public';

/** Accepts WebSockets although its access mode asks for a header that no browser can send with one. */
export const websocketNeedsPublic: FileRule = {
  id: ID,
  check(file) {
    const { accessMode } = file.input;
    if (accessMode !== 'authenticated' && accessMode !== 'service_key') return [];
    const node = webSocketAcceptance(file);
    if (!node) return [];
    return [
      {
        rule: ID,
        code: ID,
        severity: 'warning',
        message: `With access mode ${accessMode} the platform answers 401 to a WebSocket without an Authorization header, and a browser cannot send one. Set the access mode to public and check a token in fetch().`,
        range: file.rangeOf(node),
        fixes: [],
      },
    ];
  },
};
