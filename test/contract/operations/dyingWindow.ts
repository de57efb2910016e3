import { AppOperations } from '../../../src/operations/appOperations.ts';
import { operationTools } from '../../../src/operations/operationTools.ts';
import type { DeployInput } from '../../../src/operations/sourceCheck.ts';
import { PlatformClient } from '../../../src/platform/client.ts';
import type { App } from '../../../src/core/model/app.ts';

/** What the process is asked to do. */
export interface Errand {
  readonly home: string;
  readonly origin: string;
  readonly apiKey: string;
  readonly platform: string;
  readonly app: App;
  readonly change:
    | { readonly kind: 'deploy'; readonly input: DeployInput }
    | { readonly kind: 'delete'; readonly name: string }
    | { readonly kind: 'setEnv'; readonly key: string; readonly value: string };
}

// A process of its own that changes an app, to be killed in the middle of it.
const { home, origin, apiKey, platform, app, change } = JSON.parse(process.argv[2] ?? '') as Errand;
const client = new PlatformClient({ origin, apiKey });
const operations = new AppOperations({
  ...operationTools({ home, env: {} }),
  client,
  app,
  origin,
  platform,
  from: 'cli',
});
switch (change.kind) {
  case 'deploy':
    await operations.deploy(change.input);
    break;
  case 'delete':
    await operations.delete(change.name);
    break;
  case 'setEnv':
    await operations.setEnv(change.key, change.value);
}
await client.close();
