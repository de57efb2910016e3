import type { Trouble } from '../protocol/messages.ts';
import { el, icon } from './dom.ts';

const ICONS = { info: 'info', warning: 'warning', error: 'error', success: 'pass' } as const;

/** A framed message with an icon. */
export function notice(
  kind: keyof typeof ICONS,
  text: string,
  ...more: readonly (Node | string)[]
): HTMLElement {
  return el('div', { class: `notice ${kind}` }, icon(ICONS[kind]), el('div', {}, text), ...more);
}

/** Why the data on the page may be old. */
export function troubleNotice(trouble: Trouble): HTMLElement {
  return notice('warning', `${trouble.message} ${trouble.nextStep}`.trim());
}
