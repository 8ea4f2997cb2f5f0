/** Files that pacman was told not to unpack: `NoExtract`. @see pacman.conf(5) */
import { toGlobPattern } from '../../files/glob-pattern.ts';
import type { Host } from '../../files/host.ts';

const path = '/etc/pacman.conf';
const mostBytes = 1024 * 1024;

/** Whether a file is left out, by its path in Latin-1. Of several patterns the last that fits counts. */
export function readNoExtract(host: Host): (path: string) => boolean {
  const file = host.read('pacman-settings', path, { most: mostBytes });
  if (file.state !== 'read') return () => false;
  const lines = file.bytes.toString('latin1').matchAll(/^[ \t]*NoExtract[ \t]*=[ \t]*(.*)$/gm);
  const patterns = [...lines]
    .flatMap(([, list = '']) => list.trim().split(/\s+/))
    .map((written) => ({
      isKept: written.startsWith('!'),
      pattern: toGlobPattern(`/${written.replace(/^!/, '')}`),
    }));
  file.report(patterns.length);
  return (one) => patterns.findLast(({ pattern }) => pattern.test(one))?.isKept === false;
}
