/** Where a command writes: data for programs and pipes on one side, words for the person on the other. */
import { CodedError, toMessage } from '../../protocol/coded-error.ts';
import { escapeText } from './escape.ts';

export interface Console {
  /** A line of the answer, on stdout. The caller has escaped it. */
  readonly data: (line: string) => void;
  /** A line for the person, on stderr. The caller has escaped it. */
  readonly note: (line: string) => void;
  /** A piece of a line for the person, on stderr. */
  readonly noteInline: (text: string) => void;
  /** Whether stderr is a terminal: countdown and progress bar only then. */
  readonly interactive: boolean;
  /** Of the terminal, as it is now: it may be resized at any time. */
  readonly columns: () => number;
  /** Of the terminal that stdout is; undefined for a pipe or a file, which take lines of any length. */
  readonly dataColumns: () => number | undefined;
}

const columnsElsewhere = 80;

/** The console of this process. */
export function processConsole(): Console {
  return {
    data: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    noteInline: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    columns: () => process.stderr.columns ?? columnsElsewhere,
    dataColumns: () => (process.stdout.isTTY === true ? process.stdout.columns : undefined),
  };
}

/** `error:` then `hint:`, on stderr. */
export function printError(error: unknown, console: Console): void {
  const [first = '', ...others] = toMessage(error).split('\n');
  console.note(`error: ${escapeText(first)}`);
  for (const line of others) console.note(`  ${escapeText(line)}`);
  if (error instanceof CodedError && error.hint !== undefined)
    for (const line of error.hint.split('\n')) console.note(`hint: ${escapeText(line)}`);
}
