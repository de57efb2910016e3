import type { HistoryEntry, HistoryRecord } from '../../../../src/operations/history/history.ts';
import { hashOf } from '../../../../src/operations/history/sourceStore.ts';

/** A record of a deploy, `minute` minutes after the first of January. */
export function record(minute: number, parts: Partial<HistoryRecord> = {}): HistoryRecord {
  return {
    platform: 'local',
    appId: 'app_1',
    appName: 'chat',
    name: 'chat-room',
    className: 'ChatRoom',
    accessMode: 'public',
    status: 'READY',
    event: 'deployed',
    at: timeOf(minute),
    from: 'editor',
    code: `export class ChatRoom {} // ${minute}\n`,
    ...parts,
  };
}

/** What such a record becomes. */
export function entry(minute: number, parts: Partial<HistoryEntry> = {}): HistoryEntry {
  const { code, ...facts } = record(minute);
  return { ...facts, id: `${minute}`, hash: hashOf(code), bytes: code.length, ...parts };
}

export function timeOf(minute: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
}
