/** Owners and modes that an administrator or a package has set for files of packages. @see dpkg-statoverride(1) */
import type { Host } from '../../files/host.ts';
import type { ExpectedFile } from '../expected-file.ts';
import type { LocalNames } from '../local-names.ts';

type Override = Pick<ExpectedFile, 'mode' | 'user' | 'group'>;

/** @returns by path in Latin-1. */
export function readStatOverrides(host: Host, names: LocalNames): ReadonlyMap<string, Override> {
  const number = (written: string, find: (name: string) => number | undefined): number | undefined =>
    /^#\d{1,10}$/.test(written) ? Number(written.slice(1)) : find(written);
  const table = host.readTable('dpkg-statoverride', '/var/lib/dpkg/statoverride', ({ text }) => {
    const [, user = '', group = '', mode = '', path] = /^(\S+) (\S+) ([0-7]{1,4}) (\/.*)$/.exec(text) ?? [];
    if (path === undefined) return null;
    const [userNumber, groupNumber] = [
      number(user, (name) => names.user(name)),
      number(group, (name) => names.group(name)),
    ];
    const override: Override = {
      mode: Number.parseInt(mode, 8),
      ...(userNumber === undefined ? {} : { user: userNumber }),
      ...(groupNumber === undefined ? {} : { group: groupNumber }),
    };
    return [path, override] as const;
  });
  return new Map(table.state === 'read' ? table.entries : []);
}
