/** The programs that ours is compared with. Absent ones are installed when that is possible. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from './row.ts';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => isExecutable(join(folder, command)));
}

/** The command that a peer needs; the shell only connects it with others. */
function commandOf(peer: Peer): string {
  return peer.command[0] === 'sh' ? (peer.name.split(' ')[0] ?? '') : (peer.command[0] ?? '');
}

/** The peers that can be run here. Tries once to install the packages of the others. */
export function preparePeers(peers: readonly Peer[], onProgress: (line: string) => void): readonly Peer[] {
  const absent = peers.filter((peer) => !isOnPath(commandOf(peer)));
  const packages = [...new Set(absent.map(({ debian }) => debian))];
  if (packages.length > 0 && process.getuid?.() === 0 && isOnPath('apt-get')) {
    onProgress(`install ${packages.join(' ')}`);
    spawnSync('apt-get', ['install', '-y', ...packages], { stdio: 'ignore', timeout: 300_000 });
  }
  return peers.filter((peer) => isOnPath(commandOf(peer)));
}
