/** Cloudflare's refusal 10079: the platform named a migration tag that is not the script's. */
export interface TagRefusal {
  /** The tag that the platform remembers; undefined when the message does not say. */
  readonly expected: string | undefined;
  /** The script's; empty when there is no script, undefined when the message does not say. */
  readonly found: string | undefined;
}

/** The refusal in an answer or in a row's error message. */
export function tagRefusalIn(message: string): TagRefusal | undefined {
  if (!message.includes('[10079]') && !message.includes('migration tag')) return undefined;
  return {
    expected: /expected tag '([^']*)'/i.exec(message)?.[1],
    found: /found '([^']*)'/i.exec(message)?.[1],
  };
}

/** When the upload was made that gave a tag its name, ms since 1970; undefined for a tag of another form. */
export function timeOfTag(tag: string): number | undefined {
  const digits = /^v-(\d{12,})$/.exec(tag)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
