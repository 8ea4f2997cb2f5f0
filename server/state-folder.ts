/** The folder that holds what a server makes for itself: certificates, the agents' password, the embedded database. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeFolder } from '../host/make-folder.ts';
import { replaceDurably } from '../host/replace-file.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';

type StateFolderCode = 'state-folder-unusable' | 'state-folder-in-use';

/** Makes the folder, for its owner only. @throws CodedError<StateFolderCode> */
export function openStateFolder(path: string): void {
  try {
    makeFolder(path, 0o700);
    chmodSync(path, 0o700);
  } catch (cause) {
    throw new CodedError<StateFolderCode>(
      'state-folder-unusable',
      `expected a folder to write to: ${toMessage(cause)}`,
      {
        hint: 'set MIG_STATE_DIR to a folder of the user that runs the server',
        cause,
      },
    );
  }
}

/**
 * Keeps a second server out of the folder, for two processes on one embedded database destroy it. The lock is a name in
 * Linux's abstract socket namespace, which is gone with the process however that ends; other systems go without.
 * @returns a function that lets go.
 * @throws CodedError<StateFolderCode> state-folder-in-use
 */
export async function lockStateFolder(path: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => {};
  const name = createHash('sha256').update(realpathSync(path)).digest('hex');
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`\0mig-server-${name}`, resolve);
    });
  } catch (cause) {
    throw new CodedError<StateFolderCode>('state-folder-in-use', `another mig-server uses ${path}`, {
      hint: 'stop it, or set MIG_STATE_DIR to another folder',
      cause,
    });
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** Null when it is not there. */
export function readFileIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The password that agents log in with at the embedded broker, made once. */
export function readAgentPassword(stateDir: string): { readonly file: string; readonly password: string } {
  const file = join(stateDir, 'agent-password');
  const kept = readFileIfThere(file)?.trim();
  if (kept !== undefined && kept !== '') return { file, password: kept };
  const password = randomBytes(24).toString('base64url');
  replaceDurably(file, `${password}\n`);
  return { file, password };
}
