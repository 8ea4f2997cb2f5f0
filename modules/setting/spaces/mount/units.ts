/** Mount units that start with the system. @see systemd.mount(5) */
import { join } from 'node:path';
import { listDropIns } from '../../../kit/files/drop-ins.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toTableLines } from '../../../kit/files/table-line.ts';
import { known, type Reading, unknown } from '../found.ts';
import { toHeld } from './options.ts';
import type { Mount } from './tables.ts';

const kind = 'mount-unit';
const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** What every start of the system reaches. */
const targets = ['local-fs', 'remote-fs', 'sysinit', 'basic', 'multi-user', 'graphical'];
const mostUnitBytes = 1024 * 1024;

/** The name of a path's unit. @see systemd-escape(1) */
export function toUnitName(path: string): string {
  const names = path.split('/').filter((name) => name !== '');
  const escaped = names.join('/').replaceAll(/^\.|[^A-Za-z0-9:_./]/g, (letter) => {
    const bytes = Buffer.from(letter, 'latin1');
    return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  });
  return `${escaped === '' ? '-' : escaped.replaceAll('/', '-')}.mount`;
}

function isStarted(host: Host, unit: string): boolean {
  return folders.some((folder) =>
    targets.some((target) =>
      ['wants', 'requires'].some((how) => host.linkAt(join(folder, `${target}.target.${how}`, unit)) !== undefined),
    ),
  );
}

function parseUnit(host: Host, path: string, unitPath: string): Reading<Mount> {
  const file = host.read(kind, unitPath, { most: mostUnitBytes });
  if (file.state !== 'read') return unknown(file.state === 'unknown' ? file.reason : 'vanished');
  const words = new Map<string, { readonly value: string; readonly line: number }>();
  let section = '';
  for (const { text, number } of toTableLines(file.bytes)) {
    section = /^\[(.*)\]\s*$/.exec(text)?.[1] ?? section;
    const [, name, value] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
    if (section === 'Mount' && name !== undefined && value !== undefined) words.set(name, { value, line: number });
  }
  file.report(words.size);
  const line = (words.get('Options') ?? words.get('What'))?.line;
  return known({
    path,
    type: words.get('Type')?.value ?? 'auto',
    source: words.get('What')?.value ?? '',
    options: toHeld((words.get('Options')?.value ?? 'defaults').split(',')),
    from: { path: host.at(unitPath), ...(line === undefined ? {} : { line }) },
  });
}

/** Undefined when no unit mounts the path; unknown when other units may start the one that does. */
export function findUnit(host: Host, path: string): Reading<Mount | undefined> {
  const unit = toUnitName(path);
  const folder = folders.find(
    (one) => host.linkAt(join(one, unit)) !== undefined || host.status(kind, join(one, unit)).state !== 'absent',
  );
  if (folder === undefined || host.linkAt(join(folder, unit)) === '/dev/null') return known(undefined);
  const dropIns = listDropIns(
    host,
    kind,
    folders.map((one) => join(one, `${unit}.d`)),
  );
  if (dropIns.paths.length > 0 || dropIns.gap !== undefined || !isStarted(host, unit)) return unknown('undecided');
  return parseUnit(host, path, join(folder, unit));
}
