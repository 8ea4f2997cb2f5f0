/** Text of the host's tables, which are read as Latin-1, for the answer. */
import { native } from '../../native/index.ts';

/** Bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
export function toText(latin1: string): string {
  // Most text is plain, and needs no native code.
  return /^[ -[\]-~]*$/.test(latin1) ? latin1 : native().escapeBytes(Buffer.from(latin1, 'latin1'));
}

/** A path of the host, as functions of the system take it. */
export function toPath(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
