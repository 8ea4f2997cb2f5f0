/** The number and groups of one account, as passwd and group of a host say. */
import type { Host } from '../files/host.ts';
import { parseGroupLine } from './group.ts';
import { parsePasswdLine } from './passwd.ts';

export interface HostUser {
  readonly name: string;
  /** Undefined where the tables do not tell: a directory may have the account. */
  readonly uid: number | undefined;
  /** By name, the primary one included. */
  readonly groups: ReadonlySet<string> | undefined;
  readonly gids: ReadonlySet<number> | undefined;
}

/** @param name as Latin-1: a character is a byte. */
export function readHostUser(host: Host, name: string): HostUser {
  const users = host.readTable('passwd', '/etc/passwd', parsePasswdLine);
  const groups = host.readTable('group', '/etc/group', parseGroupLine);
  const own =
    users.state === 'read' ? users.entries.find((entry) => entry.kind === 'account' && entry.name === name) : undefined;
  if (own?.kind !== 'account') return { name, uid: undefined, groups: undefined, gids: undefined };
  if (groups.state !== 'read') return { name, uid: own.uid, groups: undefined, gids: undefined };
  const { uid, gid: primary } = own;
  const entries = groups.entries.filter((entry) => entry.kind === 'group');
  const all = entries.filter(({ gid, members }) => gid === primary || members.includes(name));
  return {
    name,
    uid,
    groups: new Set(all.map((group) => group.name)),
    gids: new Set([primary, ...all.map(({ gid }) => gid)]),
  };
}
