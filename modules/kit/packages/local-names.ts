/** Numbers of the users and groups that this host has itself; no directory service is asked. */
import type { Host } from '../files/host.ts';

function readNumbers(host: Host, path: string): ReadonlyMap<string, number> {
  const table = host.readTable('names', path, ({ text }) => {
    const [name = '', , number = ''] = text.split(':', 3);
    return name !== '' && /^\d{1,10}$/.test(number) ? ([name, Number(number)] as const) : null;
  });
  // The first of several lines counts.
  return new Map(table.state === 'read' ? [...table.entries].reverse() : []);
}

export class LocalNames {
  readonly #users: ReadonlyMap<string, number>;
  readonly #groups: ReadonlyMap<string, number>;

  constructor(host: Host) {
    this.#users = readNumbers(host, '/etc/passwd');
    this.#groups = readNumbers(host, '/etc/group');
  }

  /** Undefined for a name that is not known here. */
  user(name: string): number | undefined {
    return name === 'root' ? 0 : this.#users.get(name);
  }

  group(name: string): number | undefined {
    return name === 'root' ? 0 : this.#groups.get(name);
  }
}
