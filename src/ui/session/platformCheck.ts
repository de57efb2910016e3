import type { App } from '../../core/model/app.ts';
import { settings } from '../settings.ts';
import { backend } from './backend.ts';
import type { PlatformAddress } from './sessionWorld.ts';

/** The apps that a key gives access to: the check of a key that is not in use yet. Throws DoError. */
export async function appsOfKey(address: PlatformAddress, signal: AbortSignal): Promise<readonly App[]> {
  const { PlatformClient } = await backend();
  const client = new PlatformClient(address, { proxy: settings.proxy() });
  try {
    return await client.listApps({ signal, timeoutMs: 20_000 });
  } finally {
    await client.close();
  }
}

/** Makes an app. Throws DoError. */
export async function makeApp(address: PlatformAddress, name: string, signal: AbortSignal): Promise<App> {
  const { PlatformClient } = await backend();
  const client = new PlatformClient(address, { proxy: settings.proxy() });
  try {
    return await client.createApp(name, { signal });
  } finally {
    await client.close();
  }
}
