/** Numbers of the users and groups that this host has itself; no directory service is asked. */
import { type NamedNumber, toGroup, toUser } from '../accounts/account-names.ts';
import type { Host } from '../files/host.ts';
import type { TableLine } from '../files/table-line.ts';

function readNumbers(
  host: Host,
  path: string,
  parse: (line: TableLine) => NamedNumber | null,
): ReadonlyMap<string, number> {
  const table = host.readTable('names', path, parse);
  // The first of several lines counts.
  const entries = table.state === 'read' ? [...table.entries].reverse() : [];
  return new Map(entries.map(({ name, number }) => [name, number]));
}

export class LocalNames {
  readonly #users: ReadonlyMap<string, number>;
  readonly #groups: ReadonlyMap<string, number>;

  constructor(host: Host) {
    this.#users = readNumbers(host, '/etc/passwd', toUser);
    this.#groups = readNumbers(host, '/etc/group', toGroup);
  }

  /** Undefined for a name that is not known here. */
  user(name: string): number | undefined {
    return name === 'root' ? 0 : this.#users.get(name);
  }

  group(name: string): number | undefined {
    return name === 'root' ? 0 : this.#groups.get(name);
  }
}
