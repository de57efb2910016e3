import assert from 'node:assert/strict';
import { resolveSettings, type ConnectOptions } from '../../../../src/cli/connect/settings.ts';
import { DoError } from '../../../../src/core/errors.ts';
import type { CliConfig } from '../../../../src/platform/cliConfig.ts';
import { HOSTED_ORIGIN } from '../../../../src/platform/origin.ts';

const OPTIONS: ConnectOptions = {
  app: undefined,
  endpoint: undefined,
  trustEndpoint: false,
  local: false,
  state: undefined,
};

/** What `readCliConfig` makes of the two files. */
function config(parts: {
  readonly endpoint?: readonly ['home' | 'folder', string];
  readonly apiKey?: readonly ['home' | 'folder', string];
  readonly currentApp?: readonly ['home' | 'folder', string];
}): CliConfig {
  return {
    endpoint: parts.endpoint?.[1] ?? HOSTED_ORIGIN,
    endpointSource: parts.endpoint?.[0] ?? 'default',
    apiKey: parts.apiKey?.[1],
    apiKeySource: parts.apiKey?.[0],
    currentApp: parts.currentApp?.[1],
    currentAppSource: parts.currentApp?.[0],
    keyIsFromElsewhere: parts.apiKey?.[0] === 'home' && parts.endpoint?.[0] === 'folder',
  };
}

const OWN = 'https://own.example';
const FOREIGN = 'https://foreign.example';

suite('platform, key and app of the command line', () => {
  test('an option wins over the environment, the environment over the files', () => {
    const merged = config({
      endpoint: ['home', OWN],
      apiKey: ['home', 'file-key'],
      currentApp: ['home', 'file-app'],
    });
    const sources = { options: OPTIONS, env: {}, home: merged, merged };
    assert.deepEqual(resolveSettings(sources), { origin: OWN, apiKey: 'file-key', app: 'file-app' });
    const env = {
      BUTTERBASE_ENDPOINT: `${FOREIGN}/`,
      BUTTERBASE_API_KEY: ' env-key\n',
      BUTTERBASE_APP_ID: 'env-app',
    };
    assert.deepEqual(resolveSettings({ ...sources, env }), {
      origin: FOREIGN,
      apiKey: 'env-key',
      app: 'env-app',
    });
    const options = { ...OPTIONS, endpoint: 'localhost:4000', app: 'given' };
    assert.deepEqual(resolveSettings({ ...sources, env, options }), {
      origin: 'http://localhost:4000',
      apiKey: 'env-key',
      app: 'given',
    });
  });

  test('nothing set is the hosted platform without a key; what is empty is not set', () => {
    const env = { BUTTERBASE_ENDPOINT: '', BUTTERBASE_API_KEY: ' ', BUTTERBASE_APP_ID: '' };
    assert.deepEqual(resolveSettings({ options: OPTIONS, env, home: undefined, merged: undefined }), {
      origin: HOSTED_ORIGIN,
      apiKey: undefined,
      app: undefined,
    });
  });

  /** Each may not send its key to `FOREIGN` unless that is said. */
  const LEAKS: readonly {
    readonly what: string;
    readonly sources: Omit<Parameters<typeof resolveSettings>[0], 'options'>;
    readonly endpoint?: string;
  }[] = [
    {
      what: "the home's key where the folder points",
      sources: {
        env: {},
        home: config({ endpoint: ['home', OWN], apiKey: ['home', 'k'] }),
        merged: config({ endpoint: ['folder', FOREIGN], apiKey: ['home', 'k'] }),
      },
    },
    {
      what: "the home's key, stored for the hosted platform, where the folder points",
      sources: {
        env: {},
        home: config({ apiKey: ['home', 'k'] }),
        merged: config({ endpoint: ['folder', FOREIGN], apiKey: ['home', 'k'] }),
      },
    },
    {
      what: "the environment's key where the folder points",
      sources: {
        env: { BUTTERBASE_API_KEY: 'k' },
        home: undefined,
        merged: config({ endpoint: ['folder', FOREIGN] }),
      },
    },
    {
      what: "the home's key where the environment points",
      sources: {
        env: { BUTTERBASE_ENDPOINT: FOREIGN },
        home: config({ apiKey: ['home', 'k'] }),
        merged: config({ apiKey: ['home', 'k'] }),
      },
    },
    {
      what: "the folder's key where an option points",
      sources: {
        env: {},
        home: undefined,
        merged: config({ endpoint: ['folder', OWN], apiKey: ['folder', 'k'] }),
      },
      endpoint: FOREIGN,
    },
  ];
  for (const { what, sources, endpoint } of LEAKS) {
    test(`does not send ${what}`, () => {
      const options = { ...OPTIONS, endpoint };
      assert.throws(
        () => resolveSettings({ ...sources, options }),
        (error) =>
          error instanceof DoError && error.code === 'UNTRUSTED_ENDPOINT' && !error.message.includes(' k '),
      );
      const trusted = resolveSettings({ ...sources, options: { ...options, trustEndpoint: true } });
      assert.deepEqual([trusted.origin, trusted.apiKey], [FOREIGN, 'k']);
    });
  }

  test("the folder's own key goes where the folder points", () => {
    const merged = config({ endpoint: ['folder', FOREIGN], apiKey: ['folder', 'k'] });
    const home = config({ endpoint: ['home', OWN], apiKey: ['home', 'other'] });
    assert.equal(resolveSettings({ options: OPTIONS, env: {}, home, merged }).apiKey, 'k');
  });

  test('the current app of a file is one of the platform of that file', () => {
    const home = config({ endpoint: ['home', OWN], currentApp: ['home', 'app_home'] });
    const env = { BUTTERBASE_ENDPOINT: FOREIGN };
    assert.equal(resolveSettings({ options: OPTIONS, env, home, merged: home }).app, undefined);
    assert.equal(resolveSettings({ options: OPTIONS, env: {}, home, merged: home }).app, 'app_home');
  });
});
