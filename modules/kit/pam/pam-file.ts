/** Lines of PAM's files. @see pam.d(5) */

export interface PamStatement {
  /** The first of several lines; the first of the file is 1. */
  readonly line: number;
  /** What stands in brackets is one word, and keeps them. */
  readonly words: readonly string[];
}

/** Of one statement; the rest is cut. */
const mostLetters = 64 * 1024;
/** A bracket behind a backslash closes nothing. */
const word = /\[(?:\\\]|[^\]]){0,1024}\]|\S+/g;

/** A backslash continues a line, `#` ends it. */
export function* parsePamFile(text: string): Generator<PamStatement> {
  let [open, first, number] = ['', 0, 0];
  for (const raw of text.split('\n')) {
    number += 1;
    if (open === '') first = number;
    const comment = raw.indexOf('#');
    const plain = (comment === -1 ? raw : raw.slice(0, comment)).trimEnd();
    const isContinued = plain.endsWith('\\');
    open = (open + (isContinued ? `${plain.slice(0, -1)} ` : plain)).slice(0, mostLetters);
    if (isContinued) continue;
    const words = open.match(word) ?? [];
    open = '';
    if (words.length > 0) yield { line: first, words };
  }
}
