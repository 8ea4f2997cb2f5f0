/** The one folder in which an agent keeps what must survive a restart, and the lock that makes it one agent's. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CodedError, toMessage } from '../protocol/coded-error.ts';
import { sha256Hex } from '../protocol/identifiers.ts';

export type StateCode = 'state-unusable' | 'state-in-use';

/** `/var/lib/mig-agent/<environment>` for root; in the home folder for a trial as a normal user. */
export function defaultStateDirectory(environment: string): string {
  if (process.platform === 'win32') return join(process.env.ProgramData ?? 'C:\\ProgramData', 'mig-agent', environment);
  if (process.getuid?.() === 0) return join('/var/lib/mig-agent', environment);
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'mig-agent', environment);
}

/**
 * Makes the folder, 0700, and checks that nobody else could write into it: what they put there would be believed.
 * @throws CodedError<StateCode> state-unusable
 */
export function prepareStateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    if (!found.isDirectory()) throw new Error('it is not a directory');
    if (process.getuid !== undefined && found.uid !== process.getuid())
      throw new Error(`it belongs to uid ${found.uid}`);
    if ((found.mode & 0o022) !== 0) throw new Error('others can write into it');
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (cause) {
    throw new CodedError<StateCode>(
      'state-unusable',
      `expected a state folder of our own at ${path}: ${toMessage(cause)}`,
      {
        hint: 'start the agent as the owner of that folder, see that nobody else can write into it, or name another one with --state FOLDER',
        cause,
      },
    );
  }
}

/**
 * Holds the folder for this process until it ends, however it ends: a listening socket, which no crash leaves behind
 * (in Linux's abstract namespace, in the folder elsewhere).
 * @throws CodedError<StateCode> state-in-use
 */
export async function lockStateDirectory(path: string): Promise<void> {
  const name = process.platform === 'linux' ? `\0mig-agent-${sha256Hex(path)}` : join(path, 'lock');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CodedError<StateCode>('state-in-use', `expected ${path} to be free, got one that another agent uses`, {
          hint: 'stop the other agent, or name another folder with --state FOLDER',
          cause,
        }),
      );
    });
    server.listen(name, resolve);
  });
  server.unref();
}
