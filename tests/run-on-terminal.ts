/** A program on a terminal of its own: a pty, by util-linux's script. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** The reason why such tests are skipped. */
export const noTerminal = spawnSync('script', ['--version']).status === 0 ? false : 'script is not installed';

/** Each is typed, or done to the terminal, when its text has come after the text of the one before. */
export type Typing = readonly (readonly [awaited: string, typed: string | ((terminal: string) => void)])[];

export interface OnTerminal {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly columns: number;
  readonly typing: Typing;
}

/** @returns what was on the screen, with its control sequences. */
export async function runOnTerminal({ command, env, columns, typing }: OnTerminal) {
  const quoted = command.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `tty; stty cols ${columns}; exec ${quoted}`, '/dev/null'], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A program that waits for missing input would wait for ever.
    timeout: 60_000,
  });
  let screen = '';
  let behind = 0;
  const left = [...typing];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    screen += chunk;
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const [awaited, typed] = next;
      const found = screen.indexOf(awaited, behind);
      if (found === -1) return;
      behind = found + awaited.length;
      left.shift();
      if (typeof typed === 'string') child.stdin.write(typed);
      else typed(screen.split('\r', 1).join(''));
    }
  });
  const [code] = await once(child, 'close');
  return { code, screen };
}
