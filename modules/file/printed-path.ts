/** Paths as answers print them, so that a printed path can be asked again: bytes that are not UTF-8 are `\xHH`. */
import { replaceEscaped } from '../../protocol/base/escape.ts';

/**
 * `\\` is a backslash, `\xff` the byte and `\u{1b}` the character that are printed so. Any other backslash stands for
 * itself, as in a path that somebody typed.
 */
const printed = /\\\\|\\x[89a-f][0-9a-f]|\\u\{[0-9a-f]{1,6}\}/gi;

/** The bytes of a path. */
export function toPathBytes(text: string): Buffer {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { 0: sequence, index } of text.matchAll(printed)) {
    parts.push(Buffer.from(text.slice(end, index)), toBytes(sequence));
    end = index + sequence.length;
  }
  return Buffer.concat([...parts, Buffer.from(text.slice(end))]);
}

function toBytes(sequence: string): Buffer {
  if (sequence === '\\\\') return Buffer.from('\\');
  if (/^\\x/i.test(sequence)) return Buffer.from(sequence.slice(2), 'hex');
  return Buffer.from(replaceEscaped(sequence, (character) => character));
}

/** Whether a path names bytes that no text can hold. */
export function hasPrintedBytes(text: string): boolean {
  return [...text.matchAll(printed)].some(([sequence]) => /^\\x/i.test(sequence));
}
