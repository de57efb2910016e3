import type { PanelAction, Unavailable } from '../protocol/messages.ts';
import { button } from './controls.ts';
import { el, setAttribute } from './dom.ts';

/** What stands in a panel that has nothing to show: why, and buttons for what to do about it. */
export function unavailableView(view: Unavailable, act: (action: PanelAction) => void): HTMLElement {
  const buttons = view.actions.map(({ action, label }, index) =>
    button(label, { secondary: index > 0 }, () => act(action)),
  );
  return el(
    'section',
    { class: 'unavailable', 'aria-live': 'polite' },
    el('h2', {}, view.title),
    el('p', {}, view.detail),
    el('div', { class: 'buttons' }, ...buttons),
  );
}

/**
 * Shows or hides the body of a page for a kind of view. While something else is loading, what was shown stays,
 * dimmed: nothing jumps, and what was typed is not out of sight.
 */
export function showBody(body: HTMLElement, kind: 'loading' | 'unavailable' | 'ready'): void {
  if (kind !== 'loading') body.hidden = kind !== 'ready';
  setAttribute(body, 'aria-busy', kind === 'loading' ? 'true' : undefined);
}
