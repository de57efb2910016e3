import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/vscode-button.js';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/vscode-textfield.js';
import { type Attributes, el, setAttribute } from './dom.ts';

/** A push button of the VS Code elements, with what they leave out for keyboard and screen readers. */
export function button(
  label: string,
  options: { readonly secondary?: boolean; readonly icon?: string },
  onClick: () => void,
): VscodeButton {
  const element = el('vscode-button', { secondary: options.secondary === true }, label);
  if (options.icon !== undefined) element.icon = options.icon;
  element.addEventListener('click', () => {
    if (!element.disabled) onClick();
  });
  // Space activates the element, but would scroll the page as well.
  element.addEventListener('keydown', (event) => {
    if (event.key === ' ') event.preventDefault();
  });
  return element;
}

export function setDisabled(element: VscodeButton, disabled: boolean): void {
  element.disabled = disabled;
  setAttribute(element, 'aria-disabled', disabled ? 'true' : undefined);
}

/**
 * Marks a field as wrong and ties its message to it. The input is inside the element's shadow tree, where an
 * id reference to the message cannot reach: the text itself goes into `aria-description`.
 */
export function describeField(field: VscodeTextfield, description: string, invalid: boolean): void {
  field.invalid = invalid;
  void field.updateComplete.then(() => {
    const input: HTMLElement = field.wrappedElement;
    setAttribute(input, 'aria-description', description === '' ? undefined : description);
    setAttribute(input, 'aria-invalid', invalid ? 'true' : undefined);
  });
}

/** The input of a field has square corners, which paint over the round ones of the field's border. */
export function roundCorners(element: VscodeTextfield): void {
  void element.updateComplete.then(() => {
    element.wrappedElement.style.borderRadius = '3px';
  });
}

/**
 * A text area in the look of the elements library. Its own one carries a `data:` image, which the pages'
 * content security policy refuses, and cannot be tied to a label or a description.
 */
export function textArea(attributes: Attributes): HTMLTextAreaElement {
  const area = el('textarea', { spellcheck: 'false', autocomplete: 'off', ...attributes });
  area.classList.add('text-area');
  return area;
}
