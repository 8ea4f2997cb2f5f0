/** Which of the members of a sudoers list stand for a user or a host. The last one that fits decides. */

import { toGlobPattern } from '../../kit/files/glob-pattern.ts';
import type { Sudoers } from './sudoers.ts';
import type { AliasKind, Member } from './syntax.ts';

export interface SudoUser {
  readonly name: string;
  readonly uid: number;
  /** The primary group included. */
  readonly groups: ReadonlySet<string>;
  readonly gids: ReadonlySet<number>;
}

/** `unknown`: a directory, the network or a plugin would have to be asked. */
type Fit = 'yes' | 'no' | 'unknown';

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

function fitsUser({ kind, text }: Member, user: SudoUser): Fit {
  const number = numberOf(text);
  switch (kind) {
    case 'all':
      return 'yes';
    case 'user':
      return text === user.name || number === user.uid ? 'yes' : 'no';
    case 'group':
      // A group of a plugin, such as a domain's.
      if (text.startsWith(':')) return 'unknown';
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
  user: SudoUser,
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

/** Whether the list stands for this host. */
export function fitHosts(sudoers: Sudoers, members: readonly Member[], hostName: string): Fit {
  const leaves = expand(sudoers, 'host', members);
  for (const { member, isNegated } of leaves.toReversed()) {
    const fit = fitsHost(member, hostName);
    if (fit === 'unknown') return 'unknown';
    if (fit === 'yes') return isNegated ? 'no' : 'yes';
  }
  return 'no';
}

/** As written. */
export function toWritten({ kind, text }: Member): string {
  const signs: Partial<Record<Member['kind'], string>> = { group: '%', netgroup: '+' };
  return kind === 'all' ? 'ALL' : `${signs[kind] ?? ''}${text}`;
}
