/** Rules of polkit: programs, of which only the files are named. @see polkit(8) */
import { join } from 'node:path';
import type { Host } from '../kit/files/host.ts';
import type { Row } from './row.ts';

const kind = 'polkit';
const ruleFolders = ['/etc', '/run', '/usr/local/share', '/usr/share'].map((top) => `${top}/polkit-1/rules.d`);
/** Of old versions: one folder more, whose names begin with a number. */
const authorityFolders = ['/etc/polkit-1/localauthority', '/var/lib/polkit-1/localauthority'];

function* listFolder(host: Host, folder: string, ending: string): Generator<Row> {
  for (const name of host.list(kind, folder))
    if (name.endsWith(ending)) yield { entry: 'polkit', name, path: host.at(join(folder, name)) };
}

export function* listPolkitRules(host: Host): Generator<Row> {
  for (const folder of ruleFolders) yield* listFolder(host, folder, '.rules');
  for (const folder of authorityFolders)
    for (const name of host.list(kind, folder)) yield* listFolder(host, join(folder, name), '.pkla');
}
