/** The one folder in which an agent keeps what must survive a restart, and the lock that makes it one agent's. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, win32 } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { findUserFolders } from '../../host/user-folders.ts';
import { lockFile } from '../../native/own-process.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { systemProgram } from '../system/system-program.ts';

export type StateCode = 'state-unusable' | 'state-in-use' | 'state-unwritable' | 'state-damaged';

/** The state folder of an environment's service. Only administrators can make it. */
export function serviceStateDirectory(environment: string, platform: NodeJS.Platform = process.platform): string {
  switch (platform) {
    case 'win32':
      return win32.join(process.env.ProgramFiles ?? 'C:\\Program Files', `mig-agent-${environment}`, 'state');
    case 'darwin':
      return `/var/db/mig-agent/${environment}`;
    default:
      return `/var/lib/mig-agent/${environment}`;
  }
}

function isReadable(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** The service's for administrators; in a folder of one's own for a trial as a normal user. */
export function defaultStateDirectory(environment: string): string {
  const service = serviceStateDirectory(environment);
  if (process.getuid?.() === 0) return service;
  // A trial on macOS keeps its state where one on Linux does.
  const { state } = findUserFolders(process.env, process.platform === 'win32' ? 'win32' : 'linux');
  const own = join(state, 'mig-agent', environment);
  return process.platform === 'win32' && isReadable(service) ? service : own;
}

/** Folders in which agents of every environment, and the relay, keep their keys. They need not exist on this host. */
export function ownFolders(): readonly string[] {
  if (process.platform !== 'linux') return [];
  const folders = [serviceStateDirectory('any'), defaultStateDirectory('any')].map((folder) => dirname(folder));
  return [...new Set([...folders, '/var/lib/mig-server'])];
}

/** Access for the system, administrators and the creator of a file, by names that are the same in every language. */
export const closedToOthers = ['*S-1-5-18', '*S-1-5-32-544', '*S-1-3-4'].map((who) => `${who}:(OI)(CI)F`);

/** The counterpart of mode 0700. */
function closeToOthers(path: string): void {
  const { status, error, stderr } = spawnSync(
    systemProgram('icacls'),
    [path, '/inheritance:r', '/grant:r', ...closedToOthers],
    { encoding: 'utf8', windowsHide: true },
  );
  if (status !== 0) throw new Error(`icacls could not close it to other users: ${error?.message ?? stderr}`);
}

/** That nobody else can write into it: what they put there would be believed. */
function assertOwn(path: string): void {
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new Error('it is not a directory');
  // Windows has no modes; its folders are closed when they are made.
  if (process.getuid === undefined) return;
  if (found.uid !== process.getuid()) throw new Error(`it belongs to uid ${found.uid}`);
  if ((found.mode & 0o022) !== 0) throw new Error('others can write into it');
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** The native part is loaded from a file there: where others may write, it would not be the same file for long. */
function keepTemporaryFilesIn(path: string): void {
  process.env.TEMP = join(path, 'temporary');
  makeFolder(process.env.TEMP);
}

/**
 * Makes the folder, closed to other users, and checks that it is ours. On Windows temporary files go there from now on.
 * @throws CodedError<StateCode> state-unusable
 */
export function prepareStateDirectory(path: string): void {
  try {
    const isNew = makeFolder(path, 0o700);
    if (isNew && process.platform === 'win32') closeToOthers(path);
    assertOwn(path);
    if (process.platform === 'win32') keepTemporaryFilesIn(path);
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

function listen(name: string): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(name, () => {
      server.unref();
      resolve();
    });
  });
}

/** A pipe on Windows ends with its process. */
async function lockByPipe(path: string): Promise<boolean> {
  return listen(`\\\\.\\pipe\\mig-agent-${sha256Hex(path)}`).then(
    () => true,
    () => false,
  );
}

/**
 * Holds the folder for this process until it ends, however it ends. By a file in it, which nobody else can reach: a name that
 * any user may take, as of a socket outside, would let any user keep the agent from starting.
 * @throws CodedError<StateCode> state-in-use, state-unusable
 */
export async function lockStateDirectory(path: string): Promise<void> {
  let isTaken: boolean;
  try {
    isTaken = lockFile(join(path, 'lock')) ?? (await lockByPipe(path));
  } catch (cause) {
    throw new CodedError<StateCode>('state-unusable', `expected to lock ${path}: ${toMessage(cause)}`, { cause });
  }
  if (!isTaken)
    throw new CodedError<StateCode>('state-in-use', `expected ${path} to be free, got one that another agent uses`, {
      hint: 'stop the other agent, or name another folder with --state FOLDER',
    });
}
