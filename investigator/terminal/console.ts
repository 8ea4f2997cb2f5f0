/** The output of a command: data for programs on stdout, words for the person on stderr. */
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { CheckedOutput, openStandardOutput } from '../../host/standard-output.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { escapeText } from '../../protocol/base/escape.ts';

/** Emphasis of a word; each has its colour on a terminal. */
type Emphasis = 'name' | 'good' | 'warning' | 'bad';
/** Gives the text back as it is where there is no colour. */
type Paint = (emphasis: Emphasis, text: string) => string;

const formats: Readonly<Record<Emphasis, Parameters<typeof styleText>[0]>> = {
  name: 'bold',
  good: 'green',
  warning: 'yellow',
  bad: ['bold', 'red'],
};

/** An empty NO_COLOR counts as not set; Node takes it for set. */
export function mayColour(stream: Pick<WriteStream, 'hasColors'>, { NO_COLOR, ...env }: NodeJS.ProcessEnv): boolean {
  return (NO_COLOR ?? '') === '' && stream.hasColors(env);
}

/** Colour for a terminal that has it, unless NO_COLOR says otherwise (https://no-color.org). */
function paintFor(stream: WriteStream): Paint {
  // A pipe is no WriteStream, whatever its type says.
  const isColoured = stream.isTTY === true && mayColour(stream, process.env);
  if (!isColoured) return (_, text) => text;
  return (emphasis, text) => styleText(formats[emphasis], text, { validateStream: false });
}

export interface Console {
  /** A line of the answer, on stdout. The caller has escaped it. */
  readonly data: (line: string) => void;
  /** A line for the person, on stderr. The caller has escaped it. */
  readonly note: (line: string) => void;
  /** A piece of a line for the person, on stderr. */
  readonly noteInline: (text: string) => void;
  /** Whether stderr is a terminal: countdown and progress bar only then. */
  readonly interactive: boolean;
  /** Width of the terminal now: it may be resized at any time. */
  readonly columns: () => number;
  /** Width of stdout's terminal; undefined for a pipe or a file, which take lines of any length. */
  readonly dataColumns: () => number | undefined;
  /** Paints words within lines on stdout. */
  readonly paintData: Paint;
  /** Paints words within lines on stderr. */
  readonly paintNote: Paint;
  /** Holds back all output while something else, such as gpg's pinentry, may have the terminal. */
  readonly quietly: <T>(work: () => Promise<T>) => Promise<T>;
  /** Names the command that prints the answer again: it is said when stdout cannot be written. */
  readonly setPrintAgain: (command: string) => void;
  /** Whether notes were lost: without them nobody knows what an answer is worth. */
  readonly hasLostNotes: () => boolean;
}

const columnsElsewhere = 80;

/**
 * Into a pipe or a file, lines of the answer go out together: those of one turn of the event loop, never more than this.
 * A person sees each at once, and in front of the prompt behind it.
 */
const mostHeldCharacters = 64 * 1024;

/** The console of this process. */
export function processConsole(): Console {
  const isTerminal = process.stdout.isTTY === true;
  const notes = new CheckedOutput(2);
  let again: string | undefined;
  const answer = openStandardOutput(() =>
    again === undefined ? undefined : `when there is room, this prints the answers again: ${again}`,
  );
  let held = '';
  let due: NodeJS.Immediate | undefined;
  const flush = (): void => {
    clearImmediate(due);
    due = undefined;
    const text = held;
    held = '';
    if (text !== '') answer.write(text);
  };
  /** What waits for the terminal, in order; undefined when it is free. */
  let waiting: (() => void)[] | undefined;
  let holders = 0;
  const whenFree = (write: () => void): void => {
    if (waiting === undefined) write();
    else waiting.push(write);
  };
  const release = (): void => {
    const due = waiting ?? [];
    waiting = undefined;
    for (const write of due) write();
  };
  const toStderr = (text: string): void =>
    whenFree(() => {
      flush();
      notes.write(text);
    });
  process.on('exit', () => {
    release();
    flush();
  });
  return {
    data: (line) =>
      whenFree(() => {
        held += `${line}\n`;
        if (isTerminal || held.length > mostHeldCharacters) flush();
        else due ??= setImmediate(flush);
      }),
    note: (line) => toStderr(`${line}\n`),
    noteInline: toStderr,
    interactive: process.stderr.isTTY === true,
    columns: () => process.stderr.columns ?? columnsElsewhere,
    dataColumns: () => (isTerminal ? process.stdout.columns : undefined),
    paintData: paintFor(process.stdout),
    paintNote: paintFor(process.stderr),
    quietly: async (work) => {
      holders += 1;
      waiting ??= [];
      try {
        return await work();
      } finally {
        holders -= 1;
        if (holders === 0) release();
      }
    },
    setPrintAgain: (command) => {
      again = command;
    },
    hasLostNotes: () => notes.hasFailed,
  };
}

/** `error:` then `hint:`, on stderr. */
export function printError(error: unknown, console: Console): void {
  const [first = '', ...others] = toMessage(error).split('\n');
  const { paintNote } = console;
  console.note(`${paintNote('bad', 'error:')} ${escapeText(first)}`);
  for (const line of others) console.note(`  ${escapeText(line)}`);
  if (error instanceof CodedError && error.hint !== undefined)
    for (const line of error.hint.split('\n')) console.note(`${paintNote('warning', 'hint:')} ${escapeText(line)}`);
}
