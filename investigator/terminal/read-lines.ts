/** Lines from the person at the terminal, or from a pipe. */
import { createInterface, type Interface } from 'node:readline';

/** What may stand in place of `fragment`, with which the line ends. */
export interface Completions {
  readonly candidates: readonly string[];
  readonly fragment: string;
}

export interface LineOptions {
  readonly prompt: string;
  /** @param line up to the cursor. */
  readonly complete: (line: string) => Promise<Completions>;
}

const rememberedLines = 1000;

function openReader(complete: LineOptions['complete'], history: readonly string[]): Interface {
  return createInterface({
    input: process.stdin,
    output: process.stderr,
    history: [...history],
    historySize: rememberedLines,
    removeHistoryDuplicates: true,
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      complete(line).then(
        ({ candidates, fragment }) => done(null, [[...candidates], fragment]),
        () => done(null, [[], '']),
      );
    },
  });
}

interface Read {
  /** Several may be pasted at once; none after ctrl+c. */
  readonly lines: readonly string[];
  /** What has come of the line behind them. */
  readonly rest: string;
  /** Ctrl+d. */
  readonly isEnd: boolean;
}

function readLines(reader: Interface, prompt: string, begun: string): Promise<Read> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const leave = (read: Read): void => {
      reader.off('close', end);
      if (read.isEnd || read.rest !== '' || read.lines.length === 0) process.stderr.write('\n');
      resolve(read);
    };
    const end = (): void => leave({ lines, rest: '', isEnd: true });
    reader.once('close', end);
    reader.once('SIGINT', () => leave({ lines: [], rest: '', isEnd: false }));
    // Behind ctrl+z it waits to be asked on.
    reader.on('SIGCONT', () => reader.prompt(true));
    reader.on('line', (line) => {
      if (lines.push(line) === 1) setImmediate(() => leave({ lines, rest: reader.line, isEnd: false }));
    });
    reader.setPrompt(prompt);
    reader.prompt();
    reader.write(begun);
  });
}

/**
 * Asks on the terminal, with a history and completion; gives lines that were pasted together as they were. While they are
 * dealt with the terminal is nobody's: something else may be asked on it, and ctrl+c is a signal.
 */
export async function* askLines({ prompt, complete }: LineOptions): AsyncGenerator<readonly string[]> {
  let history: readonly string[] = [];
  let rest = '';
  for (let isEnd = false; !isEnd; ) {
    const reader = openReader(complete, history);
    reader.on('history', (lines) => {
      history = lines;
    });
    const read = await readLines(reader, prompt, rest);
    reader.close();
    ({ rest, isEnd } = read);
    yield read.lines;
  }
}

/** What a pipe or a file has, without asking, until the signal. */
export function pipeLines(signal: AbortSignal): AsyncIterable<string> {
  return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY, signal });
}
