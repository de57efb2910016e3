import { el, icon, setIcon, setText } from '../common/dom.ts';
import type { Permission } from './context.ts';

/** The sentence that says, beside every button that changes something, what a change does. */
export class Consequence {
  readonly element: HTMLElement;
  readonly #text = el('span');

  constructor() {
    this.element = el('p', { class: 'consequence' }, icon('warning'), this.#text);
  }

  show(permission: Permission): void {
    setText(this.#text, permission.consequence);
    setIcon(this.element, permission.redeploys ? 'warning' : 'info');
    this.element.classList.toggle('calm', !permission.redeploys);
  }
}
