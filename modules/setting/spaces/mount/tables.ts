/** What is mounted, and what fstab mounts when the system starts. */
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import { decodeOctal } from '../../../kit/files/remote-places.ts';
import type { TableLine } from '../../../kit/files/table-line.ts';
import type { Place } from '../../key-space.ts';
import { known, type Reading, unknown } from '../found.ts';
import { mergeOptions, settle, toHeld } from './options.ts';

/** A mount; text is the host's Latin-1. */
export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
  readonly from?: Place;
}

/** Of the first process: a service sees other mounts than the system. */
const tableOfSystem = '/proc/1/mountinfo';
const mostTableBytes = 16 * 1024 * 1024;

/** Null for a malformed line. @see proc(5) */
export function parseMountLine(line: string): Mount | null {
  const [, root = '', path = '', ofMount = '', type = '', source = '', ofSystem = ''] =
    /^\d+ \d+ \d+:\d+ (\S+) (\S+) (\S+)(?: \S+)*? - (\S+) (\S*) (\S+)$/.exec(line) ?? [];
  if (path === '') return null;
  const origin = decodeOctal(root);
  const device = decodeOctal(source);
  return {
    path: decodeOctal(path),
    type,
    source: origin === '/' ? device : `${device}[${origin}]`,
    options: mergeOptions(decodeOctal(ofMount), decodeOctal(ofSystem)),
  };
}

/** By path, as text. */
export function readMounts(host: Host): Reading<ReadonlyMap<string, Mount>> {
  const file = host.readKernel(tableOfSystem, mostTableBytes);
  if (file.state !== 'read') return unknown(file.state === 'unknown' ? file.reason : 'unsupported');
  const mounts = new Map<string, Mount>();
  for (const line of file.text.split('\n')) {
    const mount = parseMountLine(line);
    // A later mount hides an earlier one.
    if (mount !== null) mounts.set(toText(mount.path), mount);
  }
  host.report('mounts', tableOfSystem, mounts.size);
  return known(mounts);
}

export interface FstabEntry extends Mount {
  /** Whether the start of the system mounts it. */
  readonly isAutomatic: boolean;
}

/** Null for a malformed line. @see fstab(5) */
export function parseFstabLine({ text, number }: TableLine, path: string): FstabEntry | null {
  const [source = '', place = '', type = '', words = 'defaults'] = text
    .trim()
    .split(/[ \t]+/)
    .map(decodeOctal);
  if (type === '') return null;
  const given = words.split(',');
  return {
    path: place === '/' ? place : place.replace(/\/+$/, ''),
    type,
    source,
    options: toHeld(given),
    from: { path, line: number },
    isAutomatic: !settle(given).includes('noauto'),
  };
}

/** None without fstab. */
export function readFstab(host: Host): Reading<readonly FstabEntry[]> {
  const path = '/etc/fstab';
  const table = host.readTable('fstab', path, (line) => parseFstabLine(line, host.at(path)));
  if (table.state === 'unknown') return unknown(table.reason);
  return known(table.state === 'read' ? table.entries : []);
}
