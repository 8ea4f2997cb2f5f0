/** The person at the terminal: Enter there lets a page in, or has something signed. */
import { createInterface } from 'node:readline';
import type { Console } from '../terminal/console.ts';

/** Answers one question after the other. */
export interface Person {
  /** @returns whether the answer was Enter or y; no where nobody can answer. */
  readonly confirms: (question: string, signal: AbortSignal) => Promise<boolean>;
}

/** A line of the terminal. It is read only while something is asked: gpg may ask for a passphrase there at other times. */
function readLine(signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, terminal: false });
    const leave = (line: string | undefined): void => {
      signal.removeEventListener('abort', abort);
      reader.close();
      process.stdin.pause();
      resolve(line);
    };
    const abort = (): void => leave(undefined);
    signal.addEventListener('abort', abort, { once: true });
    reader.once('line', leave);
    reader.once('close', () => resolve(undefined));
  });
}

export function terminalPerson(console: Console): Person {
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (question: string, signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return false;
    if (process.stdin.isTTY !== true) {
      console.note(`${question}: nobody can answer, for standard input is no terminal`);
      return false;
    }
    console.note(`${console.paintNote('warning', question)} Enter for yes, n and Enter for no:`);
    const line = await readLine(signal);
    return line !== undefined && ['', 'y', 'yes'].includes(line.trim().toLowerCase());
  };
  return {
    confirms: (question, signal) => {
      const answer = last.then(() => ask(question, signal));
      last = answer.catch(() => {});
      return answer;
    },
  };
}
