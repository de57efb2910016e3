import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DoError } from '../../../src/core/errors.ts';
import { OAuthHttp } from '../../../src/platform/oauthHttp.ts';
import { ownKey, revokeKey } from '../../../src/platform/oauthKeys.ts';
import { isSameToken, makePkce, randomToken } from '../../../src/platform/oauthPkce.ts';
import { authorizationUrl, discoverOAuth, exchangeCode } from '../../../src/platform/oauthServer.ts';
import { FakePlatform, json, KEY, type Respond } from './fakePlatform.ts';

const NEVER = new AbortController().signal;
const EXCHANGE = {
  code: 'the-code-of-the-person',
  clientId: 'mcp_1',
  redirectUri: 'http://127.0.0.1:1/back',
  verifier: 'the-verifier-of-the-person',
};

suite('the client of a sign-in', () => {
  const open: { close(): Promise<void> }[] = [];

  teardown(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  test('a proof is 256 random bits and its SHA-256', () => {
    const { verifier, challenge } = makePkce();
    assert.match(verifier, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(challenge, createHash('sha256').update(verifier).digest('base64url'));
    assert.equal(new Set(Array.from({ length: 100 }, randomToken)).size, 100);
  });

  test('tokens are equal only when all of them is', () => {
    assert.ok(isSameToken('abc', 'abc'));
    for (const other of ['abd', 'ab', 'abcd', '']) assert.ok(!isSameToken('abc', other));
  });

  test('a platform below a path is asked below that path', async () => {
    const platform = await serve((request, response) => {
      const origin = `http://${request.headers.host ?? ''}/prefix`;
      json(response, 200, metadata(origin));
      return undefined;
    });
    const http = client(`${platform.origin}/prefix/`);
    const server = await discoverOAuth(http, NEVER);
    assert.equal(platform.received[0]?.path, '/prefix/.well-known/oauth-authorization-server');
    assert.deepEqual(server, {
      authorizationEndpoint: `${platform.origin}/prefix/oauth/authorize`,
      tokenPath: '/oauth/token',
      registrationPath: '/oauth/register',
    });
  });

  test('the page to send the person to has every parameter, encoded once', () => {
    const server = {
      authorizationEndpoint: 'https://one.example/oauth/authorize',
      tokenPath: '',
      registrationPath: '',
    };
    const redirectUri = 'https://window.example/callback?reqid=1&path=/sign-in&a=%26';
    const url = authorizationUrl(server, {
      clientId: 'mcp_1',
      redirectUri,
      state: 'the state',
      challenge: 'c',
    });
    assert.deepEqual(Object.fromEntries(new URL(url).searchParams), {
      response_type: 'code',
      client_id: 'mcp_1',
      redirect_uri: redirectUri,
      scope: 'mcp',
      state: 'the state',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  const elsewhere: readonly (readonly [string, Record<string, string>])[] = [
    ['another issuer', { issuer: 'https://evil.example' }],
    ['a page of another address', { authorization_endpoint: 'https://evil.example/oauth/authorize' }],
    ['tokens from another address', { token_endpoint: 'https://evil.example/oauth/token' }],
    ['registration at another address', { registration_endpoint: 'http://127.0.0.1:1/oauth/register' }],
  ];
  for (const [what, change] of elsewhere) {
    test(`a platform that names ${what} is not signed in to`, async () => {
      const platform = await serve((request, response) =>
        json(response, 200, { ...metadata(`http://${request.headers.host ?? ''}`), ...change }),
      );
      await assert.rejects(discoverOAuth(client(platform.origin), NEVER), (error) => {
        assert.ok(error instanceof DoError);
        assert.equal(error.code, 'BAD_RESPONSE');
        assert.match(error.message, /wants people to sign in at .* Nothing was sent there\./);
        return true;
      });
    });
  }

  test('an address that only begins like the own one is another one', async () => {
    const platform = await serve((request, response) => {
      const origin = `http://${request.headers.host ?? ''}`;
      json(response, 200, {
        ...metadata(origin),
        token_endpoint: `${origin}.evil.example/oauth/token`,
      });
      return undefined;
    });
    await assert.rejects(discoverOAuth(client(platform.origin), NEVER), { code: 'BAD_RESPONSE' });
  });

  test('a platform without such a sign-in, or without S256, says to use a key', async () => {
    const without = await serve((_request, response) =>
      json(response, 404, { message: 'Route GET:/x not found', error: 'Not Found', statusCode: 404 }),
    );
    const plain = await serve((request, response) =>
      json(response, 200, {
        ...metadata(`http://${request.headers.host ?? ''}`),
        code_challenge_methods_supported: ['plain'],
      }),
    );
    for (const { origin } of [without, plain]) {
      await assert.rejects(discoverOAuth(client(origin), NEVER), (error) => {
        assert.ok(error instanceof DoError);
        assert.equal(error.code, 'NO_OAUTH');
        assert.equal(error.nextStep, 'Sign in with an API key.');
        return true;
      });
    }
  });

  test('what is no metadata at all is explained', async () => {
    const answers: readonly Respond[] = [
      (_request, response) => json(response, 200, { issuer: 5 }),
      (_request, response) => json(response, 200, null),
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Sign in</p>');
        return undefined;
      },
    ];
    for (const answer of answers) {
      const { origin } = await serve(answer);
      await assert.rejects(discoverOAuth(client(origin), NEVER), { code: 'BAD_RESPONSE' });
    }
  });

  test('a redirect is not followed: neither the code nor a key goes to another address', async () => {
    const thief = await serve((_request, response) => json(response, 200, { access_token: 'x', keys: [] }));
    for (const status of [301, 302, 303, 307, 308]) {
      const platform = await serve((_request, response) => {
        response.writeHead(status, { location: `${thief.origin}/taken` }).end();
        return undefined;
      });
      const address = { origin: platform.origin, apiKey: KEY };
      const tries = [
        exchangeCode(client(platform.origin), endpoints(platform.origin), EXCHANGE, NEVER),
        discoverOAuth(client(platform.origin), NEVER),
        ownKey(address, NEVER),
        revokeKey(address, 'id', NEVER),
      ];
      for (const one of tries) await assert.rejects(one, DoError);
    }
    assert.deepEqual(thief.received, []);
  });

  test('what the platform says against a sign-in is passed on, without code, verifier and keys', async () => {
    const platform = await serve((_request, response) =>
      json(response, 400, {
        error: 'invalid_grant',
        error_description: `No ${EXCHANGE.code} with ${EXCHANGE.verifier} and ${KEY}`,
      }),
    );
    const exchanging = exchangeCode(client(platform.origin), endpoints(platform.origin), EXCHANGE, NEVER);
    await assert.rejects(exchanging, (error) => {
      assert.ok(error instanceof DoError);
      assert.equal(error.code, 'invalid_grant');
      assert.equal(error.message, `${platform.origin} refused the sign-in: No … with … and bb_sk_….`);
      return true;
    });
  });

  test('a code is sent once, whatever happens to the answer', async () => {
    const platform = await serve((_request, _response, socket) => {
      socket.destroy();
      return undefined;
    });
    await assert.rejects(
      exchangeCode(client(platform.origin), endpoints(platform.origin), EXCHANGE, NEVER),
      DoError,
    );
    assert.equal(platform.received.length, 1);
  });

  test('a token of another kind than bearer is none', async () => {
    const platform = await serve((_request, response) =>
      json(response, 200, { access_token: KEY, token_type: 'DPoP' }),
    );
    await assert.rejects(
      exchangeCode(client(platform.origin), endpoints(platform.origin), EXCHANGE, NEVER),
      (error) => error instanceof DoError && !`${error.message} ${error.nextStep}`.includes(KEY),
    );
  });

  test('the own key is found by its beginning, and not guessed among several', async () => {
    const row = (id: string, prefix: string): object => ({ id, key_prefix: prefix, name: id, scopes: [] });
    let rows = [row('other', 'bb_sk_ffffff'), row('mine', KEY.slice(0, 12))];
    const platform = await serve((_request, response) => json(response, 200, { keys: rows }));
    const address = { origin: platform.origin, apiKey: KEY };
    assert.deepEqual(await ownKey(address, NEVER), { id: 'mine', name: 'mine' });
    assert.equal(platform.received[0]?.headers.authorization, `Bearer ${KEY}`);
    rows = [...rows, row('twin', KEY.slice(0, 12))];
    assert.equal(await ownKey(address, NEVER), undefined);
    rows = [];
    assert.equal(await ownKey(address, NEVER), undefined);
  });

  test('the id of a key cannot lead to another route', async () => {
    const platform = await serve((_request, response) => json(response, 200, { revoked: true }));
    await revokeKey({ origin: platform.origin, apiKey: KEY }, '../v1/app_1', NEVER);
    assert.equal(platform.received[0]?.path, '/api-keys/..%2Fv1%2Fapp_1');
    assert.equal(platform.received[0].headers['content-type'], undefined);
  });

  async function serve(respond: Respond): Promise<FakePlatform> {
    const platform = await FakePlatform.start(respond);
    open.push(platform);
    return platform;
  }

  function client(origin: string): OAuthHttp {
    const http = new OAuthHttp(origin);
    open.unshift(http);
    return http;
  }
});

function endpoints(origin: string): {
  authorizationEndpoint: string;
  tokenPath: string;
  registrationPath: string;
} {
  return {
    authorizationEndpoint: `${origin}/oauth/authorize`,
    tokenPath: '/oauth/token',
    registrationPath: '/oauth/register',
  };
}

function metadata(origin: string): Record<string, unknown> {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    registration_endpoint: `${origin}/oauth/register`,
    code_challenge_methods_supported: ['S256'],
  };
}
