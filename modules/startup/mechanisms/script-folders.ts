/** Folders of which a program runs every script. */

import type { FileStatus } from '../../kit/files/file-status.ts';
import type { Host } from '../../kit/files/host.ts';
import type { StartupEntry, State } from '../entry.ts';
import { listNamedFiles } from './config-files.ts';

/** @see run-parts(8) of Debian */
export const runPartsNames = /^[A-Za-z0-9_-]+$/;
/** Names that are not those of hidden files, and of what editors and package managers leave. */
export const plainNames = /^(?![.#])(?!.*(?:~|,|,v|\.swp|\.cfsaved|\.rpm(?:save|orig|new)|\.dpkg-[a-z]+)$)/;

export interface ScriptFolders extends Pick<StartupEntry, 'kind' | 'trigger' | 'schedule' | 'user'> {
  /** The first one that has a name wins. */
  readonly folders: readonly string[];
  /** Others are never run. */
  readonly names: RegExp;
  /**
   * `executable`: only with the right to be executed; `trusted`: as well, and only if it is of root, and nobody else
   * may write it; `any`: it is read by a shell.
   */
  readonly needs: 'executable' | 'trusted' | 'any';
}

const isExecutable = ({ mode }: FileStatus): boolean => (mode & 0o111) !== 0;
const isTrusted = ({ mode, uid }: FileStatus): boolean => uid === 0 && (mode & 0o4022) === 0;

function runs(needs: ScriptFolders['needs'], status: FileStatus): boolean {
  return needs === 'any' || (isExecutable(status) && (needs === 'executable' || isTrusted(status)));
}

/** Files that have no chance to run, and are meant to have none. */
const placeholder = /^(?:\.|README)/;

export function* listScripts(host: Host, { folders, names, needs, ...same }: ScriptFolders): Generator<StartupEntry> {
  for (const { name, path, isMasked } of listNamedFiles(host, same.kind, folders, /^/)) {
    const found = placeholder.test(name) ? undefined : host.status(same.kind, path);
    if (found === undefined || (found.state === 'there' && found.status.kind !== 'file')) continue;
    const canRun = found.state !== 'there' || runs(needs, found.status);
    const state: State = isMasked ? 'masked' : canRun && names.test(name) ? 'enabled' : 'disabled';
    yield { ...same, name, path, states: [state], target: Buffer.from(path).toString('latin1') };
  }
}
