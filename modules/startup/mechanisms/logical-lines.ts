/** Lines of a configuration file, put together where a backslash at the end continues them. */

export interface LogicalLine {
  /** Of its first line; the first of the file is 1. */
  readonly line: number;
  /** Without blanks at both ends. */
  readonly text: string;
}

/** A longer one is cut here. */
const mostLetters = 64 * 1024;

/** Empty lines and comments are left out. @param comment first letters of comments. */
export function* toLogicalLines(text: string, comment = '#'): Generator<LogicalLine> {
  let [line, first, whole] = [0, 0, ''];
  for (const part of text.split('\n')) {
    line += 1;
    if (whole === '') {
      first = line;
      const start = part.trimStart()[0];
      // A backslash at the end of a comment continues nothing.
      if (start === undefined || comment.includes(start)) continue;
    }
    const continues = part.endsWith('\\');
    whole += continues ? `${part.slice(0, -1)} ` : part;
    whole = whole.slice(0, mostLetters);
    if (continues) continue;
    if (whole.trim() !== '') yield { line: first, text: whole.trim() };
    whole = '';
  }
  if (whole.trim() !== '') yield { line: first, text: whole.trim() };
}
