import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { DoError } from '../../src/core/errors.ts';
import { ownKey, revokeKey } from '../../src/platform/oauthKeys.ts';
import { listenOnLoopback, type LoopbackTexts } from '../../src/platform/oauthLoopback.ts';
import { signInByBrowser, type RedirectReceiver } from '../../src/platform/oauthSignIn.ts';
import { Embedded } from './embedded.ts';
import { send, type Answer } from './http.ts';

const REDIRECT = 'http://127.0.0.1:54321/back';
const TEXTS: LoopbackTexts = {
  language: 'en',
  title: 'Butterbase',
  signedIn: 'You are signed in.',
  denied: 'Denied.',
  unknown: 'Nobody asked for this.',
};
const NEVER = new AbortController().signal;

suite('sign-in through the browser', () => {
  let platform: Embedded;

  setup(async () => {
    platform = new Embedded();
    platform.addApp({ id: 'app_one', name: 'one', ownerId: platform.store.ownerId });
    await platform.start();
  });

  teardown(async () => {
    await platform.stop();
  });

  test('the platform says how it signs people in', async () => {
    const { status, text } = await get('/.well-known/oauth-authorization-server');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(text), {
      issuer: platform.url,
      authorization_endpoint: `${platform.url}/oauth/authorize`,
      token_endpoint: `${platform.url}/oauth/token`,
      registration_endpoint: `${platform.url}/oauth/register`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['mcp', 'ai:gateway'],
      token_endpoint_auth_methods_supported: ['none'],
    });
    const resource = JSON.parse((await get('/.well-known/oauth-protected-resource')).text) as unknown;
    assert.deepEqual((resource as { authorization_servers: unknown }).authorization_servers, [platform.url]);
  });

  test('registration answers what was registered, without a secret', async () => {
    const { status, text } = await post('/oauth/register', {
      client_name: 'Program',
      redirect_uris: [REDIRECT, 'vscode://butterbase-community.butterbase-durable-objects/sign-in'],
    });
    assert.equal(status, 201);
    const { client_id: id, client_id_issued_at: at, ...rest } = JSON.parse(text) as Record<string, unknown>;
    assert.match(String(id), /^mcp_[0-9a-f]{24}$/);
    assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60);
    assert.deepEqual(rest, {
      client_name: 'Program',
      redirect_uris: [REDIRECT, 'vscode://butterbase-community.butterbase-durable-objects/sign-in'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    });
  });

  const refusedRegistrations: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['no redirects', {}, 'invalid_redirect_uri', /required and must be an array/],
    ['an empty list', { redirect_uris: [] }, 'invalid_client_metadata', /at least 1 entry/],
    [
      'six redirects',
      { redirect_uris: Array.from({ length: 6 }, () => REDIRECT) },
      'invalid_client_metadata',
      /at most 5/,
    ],
    [
      'http to another machine',
      { redirect_uris: ['http://evil.example/back'] },
      'invalid_client_metadata',
      /only allowed on loopback .*: http:\/\/evil\.example\/back$/,
    ],
    ['a fragment', { redirect_uris: [`${REDIRECT}#a`] }, 'invalid_client_metadata', /fragment/],
    ['no address', { redirect_uris: ['back'] }, 'invalid_client_metadata', /invalid redirect_uri: back/],
    ['a number', { redirect_uris: [5] }, 'invalid_client_metadata', /non-empty string/],
    ['a scheme of one letter', { redirect_uris: ['a://b'] }, 'invalid_client_metadata', /scheme is invalid/],
    [
      'a name that is too long',
      { redirect_uris: [REDIRECT], client_name: 'x'.repeat(201) },
      'invalid_client_metadata',
      /≤200 chars/,
    ],
  ];
  for (const [what, body, code, description] of refusedRegistrations) {
    test(`registration refuses ${what}`, async () => {
      assertRefused(await post('/oauth/register', body), code, description);
    });
  }

  test('the eleventh registration within an hour is refused', async () => {
    for (let count = 0; count < 10; count += 1) await register();
    const refused = await post('/oauth/register', { redirect_uris: [REDIRECT] });
    assertRefused(refused, 'too_many_requests', /try again in an hour/, 429);
  });

  const wrongRequests: readonly (readonly [string, Record<string, string | undefined>, string, RegExp])[] = [
    ['a token at once', { response_type: 'token' }, 'unsupported_response_type', /must be "code"/],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request', /must be S256/],
    ['no challenge', { code_challenge: undefined }, 'invalid_request', /missing or malformed/],
    ['a short challenge', { code_challenge: 'abc' }, 'invalid_request', /missing or malformed/],
    ['no state', { state: undefined }, 'invalid_request', /state are required/],
    ['another scope', { scope: 'mcp everything' }, 'invalid_scope', /"everything" is not supported/],
    ['a client that is not registered', { client_id: 'mcp_0' }, 'invalid_request', /unknown client_id/],
    [
      'a redirect with another port',
      { redirect_uri: 'http://127.0.0.1:54322/back' },
      'invalid_request',
      /not registered for this client/,
    ],
    [
      'a redirect with more in it',
      { redirect_uri: `${REDIRECT}?next=1` },
      'invalid_request',
      /not registered for this client/,
    ],
  ];
  for (const [what, change, code, description] of wrongRequests) {
    test(`authorization refuses ${what}, and sends nobody anywhere`, async () => {
      const clientId = await register();
      const { challenge } = pkce();
      const answer = await get(authorizePath({ ...requestFor(clientId, challenge), ...change }));
      assertRefused(answer, code, description);
      assert.equal(answer.headers.location, undefined);
    });
  }

  test('a code is exchanged for a key that works, as JSON and as a form', async () => {
    for (const asForm of [false, true]) {
      const { clientId, code, verifier } = await allowed();
      const fields = exchange(clientId, code, verifier);
      const answer = asForm
        ? await send(platform.url, {
            method: 'POST',
            path: '/oauth/token',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams(fields).toString(),
          })
        : await post('/oauth/token', fields);
      assert.equal(answer.status, 200);
      const { access_token: key, ...rest } = JSON.parse(answer.text) as { access_token: string };
      assert.match(key, /^bb_sk_[0-9a-f]{40}$/);
      assert.deepEqual(rest, { token_type: 'Bearer', scope: 'mcp' });
      const apps = await get('/apps', { authorization: `Bearer ${key}` });
      assert.equal(apps.status, 200);
      assert.match(apps.text, /"app_one"/);
    }
  });

  test('a code counts once', async () => {
    const { clientId, code, verifier } = await allowed();
    assert.equal((await post('/oauth/token', exchange(clientId, code, verifier))).status, 200);
    assertRefused(await post('/oauth/token', exchange(clientId, code, verifier)), 'invalid_grant');
  });

  test('two exchanges of one code at the same time give one key', async () => {
    const { clientId, code, verifier } = await allowed();
    const fields = exchange(clientId, code, verifier);
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/oauth/token', fields)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400]);
  });

  test('a wrong verifier gives nothing and uses the code up', async () => {
    const { clientId, code, verifier } = await allowed();
    const wrong = exchange(clientId, code, randomBytes(32).toString('base64url'));
    assertRefused(await post('/oauth/token', wrong), 'invalid_grant');
    assertRefused(await post('/oauth/token', exchange(clientId, code, verifier)), 'invalid_grant');
  });

  test('a code is worth nothing to another client or with another redirect, and stays good for its own', async () => {
    const { clientId, code, verifier } = await allowed();
    const other = await register();
    assertRefused(await post('/oauth/token', exchange(other, code, verifier)), 'invalid_grant');
    const elsewhere = { ...exchange(clientId, code, verifier), redirect_uri: 'http://127.0.0.1:1/back' };
    assertRefused(await post('/oauth/token', elsewhere), 'invalid_grant');
    assert.equal((await post('/oauth/token', exchange(clientId, code, verifier))).status, 200);
  });

  test('a code is worth nothing after a minute', async () => {
    const clientId = await register();
    const { verifier, challenge } = pkce();
    const code = platform.store.oauth.issueCode(
      {
        clientId,
        redirectUri: REDIRECT,
        codeChallenge: challenge,
        grant: {
          ownerId: platform.store.ownerId,
          scope: 'mcp',
          keyScope: 'account',
          targetAppId: null,
          additionalScopes: [],
        },
      },
      new Date(Date.now() - 60_001),
    );
    assertRefused(await post('/oauth/token', exchange(clientId, code, verifier)), 'invalid_grant');
  });

  test('there are no refresh tokens, and every part of an exchange is needed', async () => {
    const { clientId, code, verifier } = await allowed();
    assertRefused(
      await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x' }),
      'unsupported_grant_type',
    );
    for (const key of ['code', 'client_id', 'redirect_uri', 'code_verifier']) {
      const fields = { ...exchange(clientId, code, verifier), [key]: '' };
      assertRefused(await post('/oauth/token', fields), 'invalid_request', /required/);
    }
  });

  test('who allows needs a key, and has to be the page of the platform itself', async () => {
    const st = await ask(await register(), pkce().challenge);
    const body = { st, decision: 'approve', target: { key_scope: 'account' } };
    assertRefused(await decide(body, { authorization: '' }), 'login_required', undefined, 401);
    assert.match((await decide(body, { authorization: 'Bearer bb_sk_0' })).text, /AUTH_INVALID_API_KEY/);
    for (const origin of ['http://127.0.0.1:1', 'http://localhost']) {
      assertRefused(await decide(body, { origin }), 'invalid_origin', /not allowed/, 403);
    }
    const withKey = { authorization: `Bearer ${platform.apiKey}` };
    const unnamed = await post('/oauth/authorize/decide', body, withKey);
    assertRefused(unnamed, 'invalid_origin', /not allowed/, 403);
    for (const origin of ['https://evil.example', 'null']) {
      const foreign = await decide(body, { origin });
      assert.equal(foreign.status, 403);
      assert.match(foreign.text, /ORIGIN_NOT_ALLOWED/);
    }
    assert.equal((await get('/oauth/authorize', { host: 'evil.example' })).status, 403);
  });

  test('a request that was changed on its way through the browser is refused', async () => {
    const st = await ask(await register(), pkce().challenge);
    const [header = '', claims = '', signature = ''] = st.split('.');
    const decoded = Buffer.from(claims, 'base64url').toString('utf8');
    const changed = Buffer.from(decoded.replace('54321', '54322')).toString('base64url');
    for (const broken of [`${header}.${changed}.${signature}`, `${st}.x`, 'x', `${header}.${claims}.`]) {
      assertRefused(
        await decide({ st: broken, decision: 'approve' }),
        'invalid_request',
        /invalid or expired/,
      );
      assert.equal((await get(`/oauth/consent?st=${encodeURIComponent(broken)}`)).status, 400);
    }
    assertRefused(await decide({ st, decision: 'maybe' }), 'invalid_request');
    assertRefused(await decide({ decision: 'approve' }), 'invalid_request');
  });

  test('who denies sends the browser back without a code', async () => {
    const st = await ask(await register(), pkce().challenge);
    const { redirect_to: target } = JSON.parse((await decide({ st, decision: 'deny' })).text) as {
      redirect_to: string;
    };
    assert.equal(target, `${REDIRECT}?error=access_denied&state=the-state`);
  });

  test('the page shows what a program says of itself as text only', async () => {
    const name = '<img src=x onerror=alert(1)>"\'&';
    const registered = await post('/oauth/register', { client_name: name, redirect_uris: [REDIRECT] });
    const { client_id: id } = JSON.parse(registered.text) as { client_id: string };
    const st = await ask(id, pkce().challenge);
    const page = await get(`/oauth/consent?st=${st}`);
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('<img'));
    assert.ok(page.text.includes('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;'));
    assert.match(
      String(page.headers['content-security-policy']),
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    assert.ok(!page.text.includes(platform.apiKey));
  });

  test('behind a proxy with a path the browser finds the page that asks', async () => {
    const path = authorizePath(requestFor(await register(), pkce().challenge));
    const { status, headers } = await get(path, { host: '127.0.0.1:1' });
    assert.equal(status, 302);
    const page = new URL(headers.location ?? '', `http://127.0.0.1:1/proxy/4123${path}`);
    assert.equal(page.origin + page.pathname, 'http://127.0.0.1:1/proxy/4123/oauth/consent');
    assert.equal((await get(`/oauth/consent${page.search}`)).status, 200);
  });

  test('details name the program and the apps of who asks', async () => {
    const st = await ask(await register(), pkce().challenge);
    const answer = await get(`/oauth/authorize/details?st=${st}`, {
      origin: platform.url,
      authorization: `Bearer ${platform.apiKey}`,
    });
    assert.deepEqual(JSON.parse(answer.text), {
      client_name: 'Program',
      redirect_uri: REDIRECT,
      scope: 'mcp',
      apps: [{ id: 'app_one', name: 'one' }],
    });
    const anonymous = await get(`/oauth/authorize/details?st=${st}`, { origin: platform.url });
    assertRefused(anonymous, 'login_required', undefined, 401);
  });

  suite('by the client', () => {
    test('a person who allows is signed in, and the key can be revoked', async () => {
      const receiver = await listenOnLoopback(TEXTS);
      let shown: Answer | undefined;
      const key = await signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver,
        open: async (url) => {
          shown = await browse(url, 'approve');
        },
        signal: NEVER,
      });
      assert.match(key, /^bb_sk_[0-9a-f]{40}$/);
      assert.match(shown?.text ?? '', /You are signed in\./);
      assert.ok(!shown?.text.includes(key));
      const address = { origin: platform.url, apiKey: key };
      const found = await ownKey(address, NEVER);
      assert.equal(found?.name, 'OAuth: Editor');
      await revokeKey(address, found.id, NEVER);
      await assert.rejects(ownKey(address, NEVER), { code: 'AUTH_INVALID_API_KEY' });
      await assert.rejects(send(receiver.redirectUri, { method: 'GET', path: '/' }), {
        code: 'ECONNREFUSED',
      });
    });

    test('a person who denies is not signed in', async () => {
      const receiver = await listenOnLoopback(TEXTS);
      let shown: Answer | undefined;
      const signingIn = signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver,
        open: async (url) => {
          shown = await browse(url, 'deny');
        },
        signal: NEVER,
      });
      await assert.rejects(signingIn, { code: 'access_denied' });
      assert.match(shown?.text ?? '', /Denied\./);
    });

    test('nobody else ends the sign-in: a wrong state, path, host or method changes nothing', async () => {
      const receiver = await listenOnLoopback(TEXTS);
      const { pathname } = new URL(receiver.redirectUri);
      const tries: readonly (readonly [string, string, Record<string, string>])[] = [
        ['GET', `${pathname}?code=evil&state=${'x'.repeat(43)}`, {}],
        ['GET', `${pathname}?code=evil`, {}],
        ['GET', `${pathname}?error=access_denied`, {}],
        ['GET', `/?code=evil&state=${receiver.state}`, {}],
        ['GET', `${pathname}?state=${receiver.state}`, {}],
        ['POST', `${pathname}?code=evil&state=${receiver.state}`, {}],
        ['GET', `${pathname}?code=evil&state=${receiver.state}`, { host: 'evil.example' }],
        ['GET', '//', {}],
      ];
      const key = await signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver,
        open: async (url) => {
          for (const [method, path, headers] of tries) {
            const { status, text } = await send(receiver.redirectUri, { method, path, headers });
            assert.equal(status, 400, path);
            assert.match(text, /Nobody asked for this\./);
          }
          await browse(url, 'approve');
        },
        signal: NEVER,
      });
      assert.match(key, /^bb_sk_/);
    });

    test('it ends when the person cancels, and when nobody answers in time', async () => {
      const controller = new AbortController();
      const cancelling = signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver: await listenOnLoopback(TEXTS),
        open: () => {
          controller.abort();
          return Promise.resolve();
        },
        signal: controller.signal,
      });
      await assert.rejects(cancelling, { code: 'CANCELLED' });
      const waiting = signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver: await listenOnLoopback(TEXTS),
        open: () => Promise.resolve(),
        signal: NEVER,
        limitMs: 300,
      });
      await assert.rejects(waiting, { code: 'TIMEOUT' });
    });

    test('an error names neither the code nor the verifier', async () => {
      const code = 'c0de'.repeat(10);
      const receiver: RedirectReceiver = {
        redirectUri: REDIRECT,
        state: 'state',
        answer: () => Promise.resolve({ code }),
        close: () => undefined,
      };
      const signingIn = signInByBrowser({
        origin: platform.url,
        clientName: 'Editor',
        receiver,
        open: () => Promise.resolve(),
        signal: NEVER,
      });
      await assert.rejects(signingIn, (error) => {
        assert.ok(error instanceof DoError);
        assert.equal(error.code, 'invalid_grant');
        assert.ok(!`${error.message} ${error.nextStep}`.includes(code));
        return true;
      });
    });
  });

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send(platform.url, { method: 'GET', path, headers });
  }

  function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return send(platform.url, {
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** As the page of the platform does it, for a person who has a key. */
  function decide(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return post('/oauth/authorize/decide', body, {
      origin: platform.url,
      authorization: `Bearer ${platform.apiKey}`,
      ...headers,
    });
  }

  async function register(): Promise<string> {
    const answer = await post('/oauth/register', { client_name: 'Program', redirect_uris: [REDIRECT] });
    assert.equal(answer.status, 201);
    return (JSON.parse(answer.text) as { client_id: string }).client_id;
  }

  /** The signed request that the browser is sent to the page with. */
  async function ask(clientId: string, challenge: string): Promise<string> {
    return signedRequest(await get(authorizePath(requestFor(clientId, challenge))));
  }

  async function allowed(): Promise<{ clientId: string; code: string; verifier: string }> {
    const clientId = await register();
    const { verifier, challenge } = pkce();
    const st = await ask(clientId, challenge);
    const answer = await decide({ st, decision: 'approve', target: { key_scope: 'account' } });
    const { redirect_to: target } = JSON.parse(answer.text) as { redirect_to: string };
    const { searchParams } = new URL(target);
    assert.equal(searchParams.get('state'), 'the-state');
    return { clientId, code: searchParams.get('code') ?? '', verifier };
  }

  /** What a browser and a person in front of it do. */
  async function browse(url: string, decision: 'approve' | 'deny'): Promise<Answer> {
    const { pathname, search } = new URL(url);
    const st = signedRequest(await get(pathname + search));
    const answer = await decide({ st, decision, target: { key_scope: 'account', additional_scopes: [] } });
    const back = new URL((JSON.parse(answer.text) as { redirect_to: string }).redirect_to);
    return send(back.origin, { method: 'GET', path: back.pathname + back.search });
  }

  function signedRequest({ status, headers: { location = '' } }: Answer): string {
    assert.equal(status, 302);
    assert.ok(location.startsWith(`${platform.url}/oauth/consent?st=`), location);
    return new URL(location).searchParams.get('st') ?? '';
  }
});

function requestFor(clientId: string, challenge: string): Record<string, string> {
  return {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT,
    scope: 'mcp',
    state: 'the-state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
}

function authorizePath(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/oauth/authorize?${new URLSearchParams(given).toString()}`;
}

function exchange(clientId: string, code: string, verifier: string): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    code,
    client_id: clientId,
    redirect_uri: REDIRECT,
    code_verifier: verifier,
  };
}

function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

function assertRefused({ status, text }: Answer, code: string, description?: RegExp, expected = 400): void {
  const body = JSON.parse(text) as { error: string; error_description?: string };
  assert.equal(body.error, code);
  assert.equal(status, expected);
  if (description === undefined) assert.equal(body.error_description, undefined);
  else assert.match(body.error_description ?? '', description);
}
