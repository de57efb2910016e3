import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'undici';
import { findWorkerd } from '../../src/local/workerdBinary.ts';
import { BareWorkerd } from './bareWorkerd.ts';
import { compare, median } from './compare.ts';
import { EmbeddedPlatform } from './embeddedPlatform.ts';

/** What a request to an instance costs on the embedded platform, compared with the least that workerd needs. */

const ROUNDS = 60;
const ROUND_MS = 150;
const WARM_UP_ROUNDS = 6;

const CLASSES = [
  {
    name: 'hello',
    className: 'Hello',
    binding: 'HELLO',
    code: `export class Hello {
  async fetch(request) {
    return new Response('hello');
  }
}
`,
  },
  {
    name: 'counter',
    className: 'Counter',
    binding: 'COUNTER',
    code: `export class Counter {
  constructor(state) {
    this.storage = state.storage;
  }
  async fetch(request) {
    const next = ((await this.storage.get('n')) ?? 0) + 1;
    await this.storage.put('n', next);
    return new Response(String(next));
  }
}
`,
  },
];

/** By hand, the least that leads a request of the same URL to the same classes. */
const MINIMAL = `${CLASSES.map((each) => each.code).join('')}
const BINDINGS = { ${CLASSES.map((each) => `'${each.name}': '${each.binding}'`).join(', ')} };
export default {
  fetch(request, env) {
    const [, , name, instance] = new URL(request.url).pathname.split('/');
    const namespace = env[BINDINGS[name]];
    if (!namespace) return new Response('not found', { status: 404 });
    return namespace.get(namespace.idFromName(instance)).fetch(request);
  },
};
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bbdo-bench-'));
const platform = await EmbeddedPlatform.start(path.join(folder, 'state'));
const bare = new BareWorkerd(
  findWorkerd({ near: path.resolve(import.meta.dirname, '..', '..') }),
  path.join(folder, 'bare'),
  CLASSES,
);
try {
  for (const { name, code } of CLASSES) await platform.register(name, code);
  await bare.start(MINIMAL);
  const origins = { embedded: platform.origin, bare: `http://127.0.0.1:${bare.port}` };
  for (const { name } of CLASSES) {
    for (const connections of [1, 32]) await measure(origins, name, connections);
  }
} finally {
  await bare.stop();
  await platform.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Both at the same time, so that whatever else the machine does slows both alike. */
async function measure(
  origins: { readonly embedded: string; readonly bare: string },
  name: string,
  connections: number,
): Promise<void> {
  const connect = (origin: string) => Array.from({ length: connections }, () => new Client(origin));
  const clients = { embedded: connect(origins.embedded), bare: connect(origins.bare) };
  const target = `/_do/${name}/bench`;
  const rates: { embedded: number; bare: number }[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const [embedded, bare] = await Promise.all([
      requestsPerSecond(clients.embedded, target),
      requestsPerSecond(clients.bare, target),
    ]);
    if (round >= 0) rates.push({ embedded, bare });
  }
  await Promise.all([...clients.embedded, ...clients.bare].map((client) => client.destroy()));
  const embedded = median(rates.map((rate) => rate.embedded));
  const least = median(rates.map((rate) => rate.bare));
  console.log(
    `  ${name}, ${connections} connection(s): embedded platform ${embedded.toFixed(0)}/s, bare workerd ${least.toFixed(0)}/s`,
  );
  compare({
    name: `throughput of ${name} with ${connections} connection(s), share of bare workerd's`,
    value: median(rates.map((rate) => rate.embedded / rate.bare)),
    atLeast: 0.9,
  });
}

async function requestsPerSecond(clients: readonly Client[], target: string): Promise<number> {
  const start = performance.now();
  const end = start + ROUND_MS;
  let requests = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < end) {
        const { statusCode, body } = await client.request({ method: 'GET', path: target });
        await body.dump();
        if (statusCode !== 200) throw new Error(`${target} answered ${statusCode}.`);
        requests++;
      }
    }),
  );
  return requests / ((performance.now() - start) / 1000);
}
