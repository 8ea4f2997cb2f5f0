/** The accounts and groups of a host: what passwd, group and their companions say, put together. */

import type { GroupEntry, GroupShadowEntry } from '../kit/accounts/group.ts';
import { parseGroupLine, parseGroupShadowLine } from '../kit/accounts/group.ts';
import { type DirectoryLine, isShadowed, type PasswdEntry, parsePasswdLine } from '../kit/accounts/passwd.ts';
import type { Host, Table } from '../kit/files/host.ts';
import { parseShadowLine, type ShadowEntry } from './tables/shadow.ts';
import { parseSubordinateLine, type SubordinateRange } from './tables/subordinate.ts';

const paths = {
  passwd: '/etc/passwd',
  group: '/etc/group',
  shadow: '/etc/shadow',
  gshadow: '/etc/gshadow',
  subuid: '/etc/subuid',
  subgid: '/etc/subgid',
} as const;

/** By name; undefined when the table cannot be read. The first of several lines counts, as for the C library. */
type ByName<Entry> = ReadonlyMap<string, Entry> | undefined;

function toByName<Entry extends { readonly name: string }>(table: Table<Entry>): ByName<Entry> {
  if (table.state === 'unknown') return undefined;
  const byName = new Map<string, Entry>();
  if (table.state === 'read')
    for (const entry of table.entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return byName;
}

function entriesOf<Entry>(table: Table<Entry>): readonly Entry[] {
  return table.state === 'read' ? table.entries : [];
}

export class Accounts {
  readonly users: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
  /** Lines of passwd and group about accounts of a directory, which is never asked. */
  readonly directoryLines: readonly (DirectoryLine & { readonly path: string })[];
  readonly shadow: ByName<ShadowEntry>;
  readonly groupShadow: ByName<GroupShadowEntry>;
  readonly #groupsByMember = new Map<string, Set<string>>();
  readonly #groupNames = new Map<number, string>();
  readonly #gids = new Map<string, number>();
  readonly #subordinates: { readonly uid: readonly SubordinateRange[]; readonly gid: readonly SubordinateRange[] };

  /** @param readsShadow whether the question may have what password tables say. */
  constructor(host: Host, readsShadow: boolean) {
    const passwd = entriesOf(host.readTable('passwd', paths.passwd, parsePasswdLine, { isRequired: true }));
    const group = entriesOf(host.readTable('group', paths.group, parseGroupLine, { isRequired: true }));
    this.users = passwd.flatMap((entry) => (entry.kind === 'account' ? [entry] : []));
    this.groups = group.flatMap((entry) => (entry.kind === 'group' ? [entry] : []));
    const directoryLinesOf = (path: string, entries: readonly (PasswdEntry | GroupEntry | DirectoryLine)[]) =>
      entries.flatMap((entry) => (entry.kind === 'directory' ? [{ ...entry, path: host.at(path) }] : []));
    this.directoryLines = [...directoryLinesOf(paths.passwd, passwd), ...directoryLinesOf(paths.group, group)];
    this.shadow = readsShadow
      ? toByName(host.readTable('shadow', paths.shadow, parseShadowLine, { isRequired: this.users.some(isShadowed) }))
      : undefined;
    this.groupShadow = readsShadow
      ? toByName(host.readTable('gshadow', paths.gshadow, parseGroupShadowLine))
      : undefined;
    this.#subordinates = {
      uid: entriesOf(host.readTable('subuid', paths.subuid, parseSubordinateLine)),
      gid: entriesOf(host.readTable('subgid', paths.subgid, parseSubordinateLine)),
    };
    for (const { name, gid, members } of this.groups) {
      if (!this.#groupNames.has(gid)) this.#groupNames.set(gid, name);
      if (!this.#gids.has(name)) this.#gids.set(name, gid);
      for (const member of members) this.#groupsOfMember(member).add(name);
    }
  }

  #groupsOfMember(member: string): Set<string> {
    const known = this.#groupsByMember.get(member) ?? new Set();
    this.#groupsByMember.set(member, known);
    return known;
  }

  /** The primary group first, by its number when it has no name. */
  groupsOf({ name, gid }: PasswdEntry): string[] {
    const primary = this.#groupNames.get(gid) ?? String(gid);
    return [...new Set([primary, ...(this.#groupsByMember.get(name) ?? [])])];
  }

  /** Undefined for a group that is in no file. */
  gidOf(group: string): number | undefined {
    return this.#gids.get(group);
  }

  /** `100000-165535` */
  subordinatesOf({ name, uid }: PasswdEntry, kind: 'uid' | 'gid'): string[] {
    return this.#subordinates[kind]
      .filter(({ owner }) => owner === name || owner === String(uid))
      .map(({ first, count }) => `${first}-${first + count - 1}`);
  }
}

/** Whether the question may have what /etc/shadow says without asking for it. */
export function areShadowsOpen(host: Host): boolean {
  return host.isOpen(paths.shadow) && host.isOpen(paths.gshadow);
}

/** Where accounts and groups are. */
export const accountPaths: Pick<typeof paths, 'passwd' | 'group'> = paths;
