/** Which of the members of a sudoers list stand for a user or a host. The last one that fits decides. */

import type { HostUser } from '../accounts/host-user.ts';
import { toGlobPattern } from '../files/glob-pattern.ts';
import type { Sudoers } from './sudoers.ts';
import type { AliasKind, Member } from './syntax.ts';

/** `unknown`: a directory, the network or a plugin would have to be asked. */
export type Fit = 'yes' | 'no' | 'unknown';

/** Aliases of aliases. */
const mostDepth = 128;
/** Members of an expanded list, aliases included. */
const mostExpanded = 10_000;

/** A member with what aliases stand for in its place. */
interface Leaf {
  readonly member: Member;
  readonly isNegated: boolean;
}

/** The members in order, those of aliases in place of these. Sudo passes over a circle. */
export function expand(sudoers: Sudoers, aliasOf: AliasKind, members: readonly Member[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const open = new Set<string>();
  let steps = 0;
  const add = (some: readonly Member[], isNegated: boolean): void => {
    for (const member of some) {
      steps += 1;
      if (steps > mostExpanded) return;
      const isNow = member.isNegated !== isNegated;
      if (member.kind !== 'alias') leaves.push({ member, isNegated: isNow });
      else if (!open.has(member.text)) enter(member.text, isNow);
    }
  };
  const enter = (name: string, isNegated: boolean): void => {
    if (open.size >= mostDepth) {
      sudoers.noteCut();
      return;
    }
    open.add(name);
    add(sudoers.alias(aliasOf, name)?.members ?? [], isNegated);
    open.delete(name);
  };
  add(members, false);
  if (steps > mostExpanded) sudoers.noteCut();
  return leaves;
}

function numberOf(text: string): number | undefined {
  return /^#\d+$/.test(text) ? Number(text.slice(1)) : undefined;
}

function fitsUser({ kind, text }: Member, user: HostUser): Fit {
  const number = numberOf(text);
  switch (kind) {
    case 'all':
      return 'yes';
    case 'user':
      if (number !== undefined && user.uid === undefined) return 'unknown';
      return text === user.name || number === user.uid ? 'yes' : 'no';
    case 'group':
      // A group of a plugin, such as a domain's.
      if (text.startsWith(':')) return 'unknown';
      if (user.groups === undefined || user.gids === undefined) return 'unknown';
      return user.groups.has(text) || (number !== undefined && user.gids.has(number)) ? 'yes' : 'no';
    case 'netgroup':
      return 'unknown';
    default:
      return 'no';
  }
}

/** The last leaf that fits for sure. */
function decide(leaves: readonly Leaf[], fit: (member: Member) => Fit): Leaf | undefined {
  return leaves.findLast(({ member }) => fit(member) === 'yes');
}

/** The member that lets the user in; undefined when none does for sure. */
export function findUser(
  sudoers: Sudoers,
  aliasOf: 'user' | 'runas',
  members: readonly Member[],
  user: HostUser,
): Member | undefined {
  const found = decide(expand(sudoers, aliasOf, members), (member) => fitsUser(member, user));
  return found === undefined || found.isNegated ? undefined : found.member;
}

function fitsHost({ kind, text }: Member, hostName: string): Fit {
  if (kind === 'all') return 'yes';
  if (kind !== 'user') return 'unknown';
  const [shortName = ''] = hostName.split('.');
  const subject = text.includes('.') ? hostName : shortName;
  if (toGlobPattern(text, 'i').test(subject)) return 'yes';
  // The name in the domain is known to the resolver alone, which is not asked.
  return text.includes('.') && !hostName.includes('.') ? 'unknown' : 'no';
}

/** What the last leaf that fits says. @param fit of a member */
function fitLast(leaves: readonly Leaf[], fit: (member: Member) => Fit): Fit {
  for (const { member, isNegated } of leaves.toReversed()) {
    const found = fit(member);
    if (found === 'unknown') return 'unknown';
    if (found === 'yes') return isNegated ? 'no' : 'yes';
  }
  return 'no';
}

/** Whether the list stands for this host. */
export function fitHosts(sudoers: Sudoers, members: readonly Member[], hostName: string): Fit {
  return fitLast(expand(sudoers, 'host', members), (member) => fitsHost(member, hostName));
}

/** Whether the list stands for the user. */
export function fitUsers(sudoers: Sudoers, members: readonly Member[], user: HostUser): Fit {
  return fitLast(expand(sudoers, 'user', members), (member) => fitsUser(member, user));
}

/** Whether the list stands for all that it could. */
export function fitAll(sudoers: Sudoers, aliasOf: AliasKind, members: readonly Member[]): Fit {
  return fitLast(expand(sudoers, aliasOf, members), ({ kind }) => (kind === 'all' ? 'yes' : 'unknown'));
}

/** As written. */
export function toWritten({ kind, text }: Member): string {
  const signs: Partial<Record<Member['kind'], string>> = { group: '%', netgroup: '+' };
  return kind === 'all' ? 'ALL' : `${signs[kind] ?? ''}${text}`;
}
