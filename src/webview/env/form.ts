import { button, describeField, roundCorners, setDisabled, textArea } from '../common/controls.ts';
import { el, fill, icon, iconButton, labelButton, setAttribute, setIcon, setText } from '../common/dom.ts';
import type { EnvToWebview } from '../protocol/env.ts';
import { Consequence } from './consequence.ts';
import { appFor, type EnvContext, type Permission } from './context.ts';

type Validated = Extract<EnvToWebview, { readonly type: 'validated' }>;

/** Sets one variable: a key and a value, checked by the host on every keystroke. */
export class EnvForm {
  readonly element: HTMLElement;
  readonly #context: EnvContext;
  readonly #heading = el('h2', { id: 'form-heading' });
  readonly #key = el('vscode-textfield', { class: 'wide mono' });
  readonly #value = textArea({
    id: 'value',
    class: 'masked',
    rows: 3,
    'aria-describedby': 'value-hint value-message',
  });
  readonly #keyMessage = el('p', { class: 'field-message', id: 'key-message' });
  readonly #valueMessage = el('p', { class: 'field-message', id: 'value-message' });
  readonly #counter = el('span', { class: 'counter' });
  readonly #reveal: HTMLButtonElement;
  readonly #consequence = new Consequence();
  readonly #save;
  readonly #clear;
  #maxLength = 0;
  #seq = 0;
  #checked: Validated | undefined;
  /** Nothing is said about a key that was never typed. */
  #touched = false;
  #saving = false;
  /** A question about the change is open: what is sent must stay what it is about. */
  #asked = false;
  #readOnly = false;

  constructor(context: EnvContext, key: string) {
    this.#context = context;
    const { strings } = context;
    this.#key.label = strings.keyLabel;
    this.#key.placeholder = strings.keyPlaceholder;
    this.#key.autocomplete = 'off';
    this.#key.value = key;
    roundCorners(this.#key);
    this.#touched = key !== '';
    this.#reveal = iconButton('eye', strings.showValue, () => this.#toggleMask());
    this.#save = button(strings.add, {}, () => this.#submit());
    this.#clear = button(strings.clear, { secondary: true }, () => this.#reset());
    this.element = el(
      'section',
      { class: 'card', 'aria-labelledby': 'form-heading' },
      el('div', { class: 'section-head' }, this.#heading),
      el(
        'div',
        { class: 'field' },
        el('div', { class: 'label', 'aria-hidden': 'true' }, strings.keyLabel),
        this.#key,
        this.#keyMessage,
      ),
      el(
        'div',
        { class: 'field' },
        el(
          'div',
          { class: 'label-line' },
          el('label', { class: 'label', for: 'value' }, strings.valueLabel),
          el('span', { class: 'muted hint', id: 'value-hint' }, strings.valueHint),
          this.#counter,
          this.#reveal,
        ),
        this.#value,
        this.#valueMessage,
      ),
      el(
        'div',
        { class: 'form-foot' },
        this.#consequence.element,
        el('div', { class: 'buttons' }, this.#clear, this.#save),
      ),
    );
    this.#key.addEventListener('input', () => {
      this.#touched = true;
      this.#changed();
    });
    this.#value.addEventListener('input', () => this.#changed());
    this.#key.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.#submit();
      else this.#value.focus();
    });
    this.#value.addEventListener('keydown', (event) => {
      // Enter alone is part of a value.
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#submit();
    });
  }

  get key(): string {
    return this.#key.value;
  }

  permit(permission: Permission): void {
    this.#maxLength = permission.maxValueLength;
    this.#readOnly = permission.readOnly;
    this.element.hidden = this.#readOnly;
    this.#consequence.show(permission);
    // Keys and bindings may have changed: what was right can be wrong now.
    this.#validate();
    this.#render();
  }

  focus(): void {
    this.#key.focus();
  }

  /** Opens the form for an existing key; the value starts empty because it cannot be read back. */
  edit(key: string): void {
    this.#key.value = key;
    this.#touched = true;
    this.#changed();
    this.element.scrollIntoView({ block: 'nearest' });
    this.#value.focus();
  }

  validated(message: Validated): void {
    if (message.seq !== this.#seq) return;
    this.#checked = message;
    this.#render();
  }

  /** The key was set: makes room for the next one, unless the person typed on meanwhile. */
  saved(key: string): void {
    if (!this.#saving) return;
    this.#saving = false;
    if (this.#key.value === key) this.#reset();
    else this.#render();
  }

  /** The key was not set, or is not to be any more; what was typed stays. */
  refused(takesFocus = true): void {
    if (!this.#saving) return;
    this.#saving = false;
    this.#render();
    if (takesFocus) this.#save.focus();
  }

  /** A question about the change opened, or is over. */
  asked(isAsked: boolean): void {
    this.#asked = isAsked;
    this.#key.readonly = isAsked;
    this.#value.readOnly = isAsked;
    this.#render();
  }

  #submit(): void {
    if (this.#saving || this.#readOnly) return;
    const appId = appFor(this.#context);
    if (appId === undefined) return;
    this.#touched = true;
    this.#render();
    if (this.#checked?.seq === this.#seq) {
      const { keyMessage, valueMessage } = this.#checked;
      if (keyMessage !== undefined || valueMessage !== undefined) {
        (keyMessage === undefined ? this.#value : this.#key).focus();
        return;
      }
    }
    this.#saving = true;
    this.#render();
    this.#context.send({ type: 'set', appId, key: this.#key.value, value: this.#value.value });
  }

  #reset(): void {
    this.#key.value = '';
    this.#value.value = '';
    this.#touched = false;
    this.#mask(true);
    this.#changed();
    this.#key.focus();
  }

  #changed(): void {
    this.#validate();
    this.#render();
    this.#context.keep();
  }

  #validate(): void {
    this.#seq += 1;
    this.#context.send({
      type: 'validate',
      seq: this.#seq,
      key: this.#key.value,
      value: this.#value.value,
    });
  }

  #render(): void {
    const { strings, format } = this.#context;
    const checked = this.#checked;
    const replaces = checked?.replaces === true;
    const keyMessage = this.#touched ? checked?.keyMessage : undefined;
    const keyHint =
      keyMessage ?? checked?.warning ?? (replaces ? fill(strings.willReplace, this.#key.value) : '');
    setText(this.#heading, replaces ? strings.replaceHeading : strings.addHeading);
    showMessage(this.#keyMessage, keyHint, keyMessage !== undefined);
    describeField(this.#key, keyHint, keyMessage !== undefined);
    const length = fill(
      strings.length,
      format.number(this.#value.value.length),
      format.number(this.#maxLength),
    );
    setText(this.#counter, length);
    this.#counter.classList.toggle('over', this.#value.value.length > this.#maxLength);
    showMessage(this.#valueMessage, checked?.valueMessage ?? '', true);
    setAttribute(this.#value, 'aria-invalid', checked?.valueMessage === undefined ? undefined : 'true');
    setText(
      this.#save,
      this.#saving && !this.#asked ? strings.saving : replaces ? strings.replace : strings.add,
    );
    setDisabled(this.#save, this.#saving);
    this.#clear.hidden = this.#key.value === '' && this.#value.value === '';
    setDisabled(this.#clear, this.#saving);
  }

  #toggleMask(): void {
    this.#mask(!this.#value.classList.contains('masked'));
  }

  #mask(masked: boolean): void {
    this.#value.classList.toggle('masked', masked);
    setIcon(this.#reveal, masked ? 'eye' : 'eye-closed');
    labelButton(this.#reveal, masked ? this.#context.strings.showValue : this.#context.strings.hideValue);
  }
}

function showMessage(element: HTMLElement, text: string, invalid: boolean): void {
  element.classList.toggle('invalid', invalid);
  element.replaceChildren(...(invalid && text !== '' ? [icon('error'), ` ${text}`] : [text]));
}
