/** Lists the apps of a platform through the proxy of the environment, in a process of its own. For proxy.test.ts. */
import { PlatformClient } from '../../../src/platform/client.ts';

const [origin = '', apiKey = ''] = process.argv.slice(2);
const client = new PlatformClient({ origin, apiKey });
const [apps] = await Promise.all([client.listApps(), client.listApps(), client.listApps()]);
process.stdout.write(JSON.stringify(apps));
await client.close();
