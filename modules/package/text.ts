/** Texts of databases, which may hold any bytes. */
import { native } from '../../native/index.ts';

/** As all texts of the system: bytes that are not UTF-8 are `\xHH`, a backslash is `\\`. @param latin1 a character is a byte. */
export function toText(latin1: string): string {
  return /^[ -[\]-~]*$/.test(latin1) ? latin1 : native().escapeBytes(Buffer.from(latin1, 'latin1'));
}
