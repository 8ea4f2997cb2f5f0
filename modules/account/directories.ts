/** Services that may know other accounts, groups and rules of sudo. They are named, and never asked. */

import type { Host } from '../kit/files/host.ts';
import { toText } from '../kit/files/latin1-text.ts';
import type { TableLine } from '../kit/files/table-line.ts';
import type { Row } from './row.ts';

const path = '/etc/nsswitch.conf';
const databases: ReadonlySet<string> = new Set([
  'passwd',
  'passwd_compat',
  'group',
  'group_compat',
  'initgroups',
  'shadow',
  'shadow_compat',
  'sudoers',
]);
/** They read files of this host; the accounts of the last are the running units'. */
const local: ReadonlySet<string> = new Set(['files', 'compat', 'systemd']);

interface Services {
  readonly line: number;
  readonly database: string;
  readonly services: readonly string[];
}

function parseLine({ number: line, text }: TableLine): Services | null {
  const [, database = '', rest = ''] = /^(\w+)\s*:([^#]*)/.exec(text) ?? [];
  // What to do after an answer stands in brackets.
  const services = rest.replaceAll(/\[[^\]]*\]/g, ' ').split(/\s+/);
  return databases.has(database) ? { line, database, services: services.filter((one) => one !== '') } : null;
}

export function* listDirectories(host: Host): Generator<Row> {
  const table = host.readTable('nsswitch', path, parseLine);
  for (const { line, database, services } of table.state === 'read' ? table.entries : [])
    for (const service of services)
      if (!local.has(service))
        yield { entry: 'elsewhere', name: toText(`${database}:${service}`), path: host.at(path), line };
}
