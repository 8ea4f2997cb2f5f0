/**
 * Sockets that Node cannot open, held by a small Perl process: raw and packet sockets, shared ones, thousands at once.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

export const hasPerl = spawnSync('perl', ['-MSocket', '-e', '1']).status === 0;

export interface Holder {
  readonly pid: number;
  /** Words printed by the script. */
  readonly words: readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Runs a script that opens sockets and ends with `ready(WORDS)`. That call prints the words and waits until the script
 * is stopped or this process has ended.
 * @param prefix a command that runs the script, such as `ip netns exec NAME`.
 */
export async function holdSockets(script: string, prefix: readonly string[] = []): Promise<Holder> {
  const library = '$| = 1; sub ready { print "@_\\n"; <STDIN>; exit 0 }';
  const [command = '', ...args] = [...prefix, 'perl', '-MSocket', '-e', `${library} ${script}`];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    closed.then(([code]) => {
      throw new Error(`expected the script to open its sockets, it ended with ${code}`);
    }),
  ]);
  // A test that fails before it stops the script must not wait for it.
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
  return {
    pid: child.pid ?? 0,
    words: String(line).split(' '),
    stop: async () => {
      child.ref();
      child.stdin.end();
      await closed;
    },
  };
}
