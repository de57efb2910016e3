/** Names that Windows keeps for devices, with or without an ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Most characters; file systems take 255 bytes. */
const MAX_LENGTH = 100;

/** A text as one name in a folder on every file system. Different texts may get the same name. */
export function pathSegment(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^\.+|\.+$/g, '-')
    .slice(0, MAX_LENGTH);
  return plain === '' || DEVICE.test(plain) ? `-${plain}` : plain;
}
