import assert from 'node:assert/strict';
import { DoError } from '../../../src/core/errors.ts';
import { OriginCheck } from '../../../src/local/api/origins.ts';
import { allowedHost } from '../../../src/local/allowedHost.ts';

suite('a host that may call the embedded platform', () => {
  const written: Readonly<Record<string, string>> = {
    'codespace.example': 'codespace.example',
    ' Codespace.Example ': 'codespace.example',
    'codespace.example:8443': 'codespace.example',
    'https://codespace.example/proxy/4000/?a=b': 'codespace.example',
    'https://codespace.example:8443': 'codespace.example',
    'codespace.example/': 'codespace.example',
    '192.168.1.20': '192.168.1.20',
    '192.168.1.20:80': '192.168.1.20',
    '::1': '[::1]',
    '[2001:DB8::1]:4000': '[2001:db8::1]',
    'bücher.example': 'xn--bcher-kva.example',
    host: 'host',
  };
  for (const [text, host] of Object.entries(written)) {
    test(`"${text}" is ${host}, and is let in`, () => {
      assert.equal(allowedHost(text), host);
      const check = new OriginCheck([allowedHost(text)]);
      check.refuseForeign({ headers: { host: `${host}:4000`, origin: `https://${host}` } });
    });
  }

  for (const text of [
    '',
    '  ',
    '*',
    '*.example',
    'a b',
    'a.example,b.example',
    'user@a.example',
    'http://',
    'a:b:c',
    '://x',
  ]) {
    test(`"${text}" is refused`, () => {
      assert.throws(
        () => allowedHost(text),
        (error) => error instanceof DoError && error.message.includes(`"${text}"`) && error.nextStep !== '',
      );
    });
  }
});
