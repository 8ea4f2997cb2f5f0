/** Lines of modprobe.d. @see modprobe.d(5) */

export interface ModprobeLine {
  /** The first of several lines; the first of the file is 1. */
  readonly line: number;
  /** `blacklist`, `install`, `softdep` */
  readonly action: string;
  /** A module, or a pattern. */
  readonly module: string;
  /** What stands behind it: a command, options, other modules. */
  readonly value: string;
}

/** Of one statement; the rest is cut. */
const mostLetters = 64 * 1024;

function toLine(text: string, line: number): ModprobeLine | undefined {
  const [, action = '', module, value = ''] = /^[ \t]*([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+(.*))?$/s.exec(text) ?? [];
  return module === undefined || action.startsWith('#') ? undefined : { line, action, module, value: value.trimEnd() };
}

/** A backslash takes the meaning of the next letter, so it continues a line, also that of a comment. As in libkmod. */
export function* parseModprobe(text: string): Generator<ModprobeLine> {
  let [open, first, number] = ['', 1, 1];
  for (const [piece] of text.matchAll(/\\[\s\S]?|\n|[^\\\n]+/g)) {
    if (piece.endsWith('\n')) number += 1;
    if (piece === '\n') {
      const found = toLine(open, first);
      if (found !== undefined) yield found;
      [open, first] = ['', number];
    } else if (piece !== '\\\n' && open.length < mostLetters)
      open += piece.startsWith('\\') ? piece.slice(1) : piece.slice(0, mostLetters);
  }
  const last = toLine(open, first);
  if (last !== undefined) yield last;
}
