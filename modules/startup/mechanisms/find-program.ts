/** Where the program of a command is. */
import type { Host } from '../../kit/files/host.ts';
import { toPath } from '../../kit/files/latin1-text.ts';
import { programOf } from './shell-program.ts';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const mostFolders = 64;

/** Absolute; undefined when it is in none of the folders. @param name in Latin-1 @param searchPath folders between colons. */
export function findProgram(host: Host, name: string, searchPath = systemPath): string | undefined {
  if (name.startsWith('/')) return name;
  // It depends on the folder in which the command runs.
  if (name.includes('/')) return undefined;
  const folders = searchPath.split(':', mostFolders).filter((folder) => folder.startsWith('/'));
  return folders.map((folder) => `${folder}/${name}`).find((path) => isFile(host, path));
}

function isFile(host: Host, path: string): boolean {
  const found = host.status('startup', toPath(path));
  return found.state === 'there' && found.status.kind === 'file';
}

/** `command` and `target` of an entry, for a text that a shell runs. */
export function toShellCommand(
  host: Host,
  command: string,
  searchPath?: string,
): { readonly command: string; readonly target?: string } {
  const program = programOf(command);
  const target = program === undefined ? undefined : findProgram(host, program, searchPath);
  return target === undefined ? { command } : { command, target };
}
