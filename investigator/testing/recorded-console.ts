/** A console that keeps what was written, each line with the stream it went to. */
import type { Console } from '../terminal/console.ts';

export interface RecordedConsole extends Console {
  /** `out: …` and `err: …` in the order in which they were written. */
  readonly lines: string[];
}

export function recordConsole(interactive = false): RecordedConsole {
  const lines: string[] = [];
  let open = '';
  return {
    lines,
    interactive,
    columns: () => 80,
    dataColumns: () => (interactive ? 80 : undefined),
    paintData: (_, text) => text,
    paintNote: (_, text) => text,
    quietly: (work) => work(),
    setPrintAgain: () => {},
    hasLostNotes: () => false,
    data: (line) => lines.push(`out: ${line}`),
    note: (line) => {
      lines.push(`err: ${open}${line}`);
      open = '';
    },
    noteInline: (text) => {
      open += text;
    },
  };
}
