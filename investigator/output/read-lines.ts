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

/** The next lines, for several may be pasted at once; an empty one after ctrl+c, nothing at the end (ctrl+d). */
function readLines(reader: Interface, prompt: string): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const lines: string[] = [];
    const leave = (read: readonly string[] | undefined): void => {
      reader.off('close', end);
      if (read !== lines) process.stderr.write('\n');
      resolve(read);
    };
    const end = (): void => leave(undefined);
    reader.once('close', end);
    reader.once('SIGINT', () => leave(['']));
    reader.on('line', (line) => {
      if (lines.push(line) === 1) setImmediate(leave, lines);
    });
    reader.setPrompt(prompt);
    reader.prompt();
  });
}

/**
 * Asks on the terminal, with a history and completion. While a line is dealt with the terminal is nobody's: something else
 * may be asked on it, and ctrl+c is a signal.
 */
export async function* askLines({ prompt, complete }: LineOptions): AsyncGenerator<string> {
  let history: readonly string[] = [];
  for (;;) {
    const reader = openReader(complete, history);
    reader.on('history', (lines) => {
      history = lines;
    });
    const lines = await readLines(reader, prompt);
    reader.close();
    if (lines === undefined) return;
    yield* lines;
  }
}

/** What a pipe or a file has, without asking. */
export function pipeLines(): AsyncIterable<string> {
  return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}
