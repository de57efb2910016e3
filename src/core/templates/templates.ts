import type { AccessMode } from '../model/app.ts';
import { toClassName } from '../model/names.ts';
import { chatRoomSource } from './chatRoom.ts';
import { counterSource } from './counter.ts';
import { rateLimiterSource } from './rateLimiter.ts';

export type TemplateId = 'counter' | 'chat-room' | 'rate-limiter';

/** A class to begin with. Its id is also the DO name that is proposed. */
export interface Template {
  readonly id: TemplateId;
  /** Who should be able to reach it. */
  readonly accessMode: AccessMode;
  readonly source: (doName: string, className: string) => string;
}

/** Templates keep to what the platform has: KV storage, hibernating WebSockets, alarms. None has a finding. */
export const TEMPLATES: readonly Template[] = [
  { id: 'counter', accessMode: 'authenticated', source: counterSource },
  { id: 'chat-room', accessMode: 'public', source: chatRoomSource },
  { id: 'rate-limiter', accessMode: 'authenticated', source: rateLimiterSource },
];

/** The file that a template makes for a DO name. */
export function sourceOf(template: Template, doName: string): string {
  return template.source(doName, toClassName(doName));
}
