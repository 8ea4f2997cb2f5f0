/** What sudoers files let a user do on this host, and whether that is as good as being root. */
import type { HostUser } from '../../kit/accounts/host-user.ts';
import { expand, findUser, fitHosts, toWritten } from '../../kit/sudo/members.ts';
import type { Sudoers } from '../../kit/sudo/sudoers.ts';
import type { CommandRule, Member, Place, UserRule } from '../../kit/sudo/syntax.ts';

/** Ways to become root. */
export const sudoWays = [
  'sudo',
  'sudo-nopassword',
  'sudo-rootpassword',
  'sudo-command',
  'sudo-command-nopassword',
] as const;
export type SudoWay = (typeof sudoWays)[number];

export const sudoTags = ['nopasswd', 'noexec', 'setenv', 'somehosts'] as const;
type SudoTag = (typeof sudoTags)[number];

/** Some commands that a user, or all that a term stands for, may run as somebody. */
export interface Grant extends Place {
  /** The member of the rule that lets in: `%sudo`. */
  readonly by: string;
  readonly runas: readonly string[];
  /** With arguments; those behind `!` are taken away. */
  readonly commands: readonly string[];
  readonly tags: readonly SudoTag[];
  readonly way: SudoWay | undefined;
  /** Whether it takes all commands as root away. */
  readonly deniesAll: boolean;
}

/** Whose password is asked for. */
type Asked = 'own' | 'root' | 'none';

interface Circumstances {
  readonly by: string;
  /** The account itself. */
  readonly self: string;
  /** Whether the rule is for this host. */
  readonly isCertain: boolean;
  readonly asked: Asked;
}

const ownPassword = { authenticate: true, rootpw: false, targetpw: false, runaspw: false };
type PasswordSetting = keyof typeof ownPassword;

function isPasswordSetting(name: string): name is PasswordSetting {
  return Object.hasOwn(ownPassword, name);
}

function toSigned(member: Member, isNegated: boolean): string {
  return `${isNegated ? '!' : ''}${toWritten(member)}`;
}

/** Rules that say the same of several commands in a row. */
interface CommandGroup extends Pick<CommandRule, 'users' | 'groups' | 'tags'> {
  readonly members: Member[];
}

function toGroups(rules: readonly CommandRule[]): CommandGroup[] {
  const groups: CommandGroup[] = [];
  for (const { command, ...rest } of rules) {
    const last = groups.at(-1);
    const isSame =
      last !== undefined &&
      last.users === rest.users &&
      last.groups === rest.groups &&
      JSON.stringify(last.tags) === JSON.stringify(rest.tags);
    if (isSame) last.members.push(command);
    else groups.push({ ...rest, members: [command] });
  }
  return groups;
}

export class SudoPolicy {
  readonly #sudoers: Sudoers;
  readonly #root: HostUser;
  readonly #rules: readonly { readonly rule: UserRule; readonly isCertain: boolean; readonly groups: CommandGroup[] }[];
  readonly #hostName: string;

  /** @param root the account that commands run as by default. */
  constructor(sudoers: Sudoers, hostName: string, root: HostUser) {
    this.#sudoers = sudoers;
    this.#root = root;
    this.#hostName = hostName;
    this.#rules = sudoers.rules.flatMap((rule) => {
      const fit = fitHosts(sudoers, rule.hosts, hostName);
      return fit === 'no' ? [] : [{ rule, isCertain: fit === 'yes', groups: toGroups(rule.commands) }];
    });
  }

  /** In the order of the files. */
  grantsOf(user: HostUser): Grant[] {
    return this.#rules.flatMap(({ rule, isCertain, groups }) => {
      const member = findUser(this.#sudoers, 'user', rule.users, user);
      if (member === undefined) return [];
      return groups.map((group) =>
        this.#toGrant(rule, group, {
          by: toWritten(member),
          self: user.name,
          isCertain,
          asked: this.#passwordOf(user, group),
        }),
      );
    });
  }

  /** Of users and groups that are not in a file of this host. @param isKnown whether a member is. */
  strangerGrants(isKnown: (member: Member) => boolean): { readonly name: string; readonly grant: Grant }[] {
    return this.#rules.flatMap(({ rule, isCertain, groups }) => {
      const leaves = expand(this.#sudoers, 'user', rule.users);
      const strangers = leaves.filter(({ member, isNegated }) => !isNegated && !isKnown(member));
      const nobody: HostUser = { name: '', uid: -1, groups: new Set(), gids: new Set() };
      return [...new Set(strangers.map(({ member }) => toWritten(member)))].flatMap((name) =>
        groups.map((group) => ({
          name,
          grant: this.#toGrant(rule, group, {
            by: name,
            self: name,
            isCertain,
            asked: this.#passwordOf(nobody, group),
          }),
        })),
      );
    });
  }

  #toGrant({ path, line }: UserRule, group: CommandGroup, { by, self, isCertain, asked }: Circumstances): Grant {
    const leaves = expand(this.#sudoers, 'command', group.members);
    const isRoot = this.#isRoot(group);
    // ALL alone allows to set variables.
    const hasAll = group.members.some(({ kind, isNegated }) => kind === 'all' && !isNegated);
    const tags: readonly (readonly [SudoTag, boolean])[] = [
      ['nopasswd', asked === 'none'],
      ['noexec', group.tags.exec === false],
      ['setenv', group.tags.setenv ?? hasAll],
      ['somehosts', !isCertain],
    ];
    return {
      path,
      line,
      by,
      runas: this.#runasOf(group, self),
      commands: leaves.map(({ member, isNegated }) => toSigned(member, isNegated)),
      tags: tags.flatMap(([tag, holds]) => (holds ? [tag] : [])),
      way: isRoot ? toWay(leaves, asked) : undefined,
      deniesAll: isRoot && deniesAll(leaves),
    };
  }

  /** Without a list of users a list of groups is for the user alone. */
  #runasOf({ users, groups = [] }: CommandGroup, self: string): string[] {
    const ofGroups = groups.map(
      ({ isNegated, kind, text }) => `${isNegated ? '!' : ''}:${kind === 'all' ? 'ALL' : text}`,
    );
    if (users === undefined && groups.length === 0) return [this.#defaultUser()];
    const others = expand(this.#sudoers, 'runas', users ?? []).map(({ member, isNegated }) =>
      toSigned(member, isNegated),
    );
    return [...(others.length === 0 ? [self] : others), ...ofGroups];
  }

  #defaultUser(): string {
    const settings = this.#sudoers.defaults.flatMap(({ settings: some }) => some);
    const last = settings.findLast(({ kind, name }) => kind === 'set' && name === 'runas_default');
    return last !== undefined && 'value' in last ? last.value : this.#root.name;
  }

  #isRoot({ users, groups }: CommandGroup): boolean {
    if (users !== undefined) return findUser(this.#sudoers, 'runas', users, this.#root) !== undefined;
    return groups === undefined && this.#defaultUser() === this.#root.name;
  }

  /** The last setting counts. */
  #passwordOf(user: HostUser, { tags, members }: CommandGroup): Asked {
    const commands = expand(this.#sudoers, 'command', members).filter(({ isNegated }) => !isNegated);
    const found: Record<PasswordSetting, boolean> = { ...ownPassword };
    let exempt: string | undefined;
    for (const rule of this.#sudoers.defaults) {
      const isMeant =
        rule.scope === 'all' ||
        (rule.scope === 'user' && findUser(this.#sudoers, 'user', rule.members, user) !== undefined) ||
        (rule.scope === 'runas' && findUser(this.#sudoers, 'runas', rule.members, this.#root) !== undefined) ||
        (rule.scope === 'host' && fitHosts(this.#sudoers, rule.members, this.#hostName) !== 'no') ||
        (rule.scope === 'command' && areCommandsOf(expand(this.#sudoers, 'command', rule.members), commands));
      if (!isMeant) continue;
      for (const setting of rule.settings) {
        const { kind, name } = setting;
        if (isPasswordSetting(name)) found[name] = kind === 'on';
        if (name === 'exempt_group') exempt = 'value' in setting ? setting.value.replace(/^%/, '') : undefined;
      }
    }
    const isExempt = exempt !== undefined && user.groups?.has(exempt) === true;
    if (!(tags.passwd ?? found.authenticate) || isExempt) return 'none';
    return found.rootpw || found.targetpw || found.runaspw ? 'root' : 'own';
  }
}

type Leaves = ReturnType<typeof expand>;

/** Whether settings of some commands hold for all of these. They name programs and folders, without arguments. */
function areCommandsOf(named: Leaves, commands: Leaves): boolean {
  const fits = (program: string): boolean => {
    const found = named.findLast(({ member: { kind, text } }) => {
      const isInFolder = text.endsWith('/') && program.startsWith(text) && !program.slice(text.length).includes('/');
      return kind === 'all' || text === program || isInFolder;
    });
    return found !== undefined && !found.isNegated;
  };
  const programs = commands.map(({ member }) => (member.kind === 'all' ? '' : (member.text.split(' ')[0] ?? '')));
  return programs.length > 0 && programs.every(fits);
}

/** The last `ALL` decides over all commands; others may be left besides. */
function toWay(leaves: Leaves, asked: Asked): SudoWay | undefined {
  const all = leaves.findLast(({ member }) => member.kind === 'all');
  if (all !== undefined && !all.isNegated) {
    if (asked === 'own') return 'sudo';
    return asked === 'none' ? 'sudo-nopassword' : 'sudo-rootpassword';
  }
  const behind = all === undefined ? leaves : leaves.slice(leaves.indexOf(all) + 1);
  if (!behind.some(({ isNegated }) => !isNegated)) return undefined;
  if (asked === 'root') return 'sudo-rootpassword';
  return asked === 'none' ? 'sudo-command-nopassword' : 'sudo-command';
}

function deniesAll(leaves: Leaves): boolean {
  const last = leaves.at(-1);
  return last?.member.kind === 'all' && last.isNegated;
}

/** The ways of a user in sum: a later rule takes the place of an earlier one for the same commands. */
export function sumWays(grants: readonly Grant[]): SudoWay[] {
  let all: SudoWay | undefined;
  const some = new Set<SudoWay>();
  for (const grant of grants) {
    if (grant.deniesAll && !grant.tags.includes('somehosts')) {
      all = undefined;
      some.clear();
    } else if (grant.way?.startsWith('sudo-command')) some.add(grant.way);
    else all = grant.way ?? all;
  }
  return [...(all === undefined ? [] : [all]), ...some];
}
