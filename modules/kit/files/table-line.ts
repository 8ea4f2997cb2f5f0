/** Lines of a configuration file as Latin-1 text: one character for each byte. */

export interface TableLine {
  /** The first is 1. */
  readonly number: number;
  readonly text: string;
}

/** A longer line is cut here. */
const mostLineBytes = 1024 * 1024;

/** Lines with content, without leading blanks; comments are left out. */
export function* toTableLines(bytes: Buffer): Generator<TableLine> {
  let number = 0;
  for (let start = 0; start < bytes.length; ) {
    number += 1;
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const text = bytes.toString('latin1', start, Math.min(end, start + mostLineBytes)).replace(/^[ \t\v\f\r]+/, '');
    if (text !== '' && !text.startsWith('#')) yield { number, text };
    start = end + 1;
  }
}
