/** Text of the host's files, which may hold any bytes and is read as Latin-1: a character is a byte. */
import { native } from '../../../native/index.ts';

/** For the answer: bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. */
export function toText(latin1: string): string {
  // Most text is plain, and needs no native code.
  return /^[ -[\]-~]*$/.test(latin1) ? latin1 : native().escapeBytes(Buffer.from(latin1, 'latin1'));
}

/** A path of the host, as functions of the system take it. */
export function toPath(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

/** The opposite. */
export function toLatin1(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}
