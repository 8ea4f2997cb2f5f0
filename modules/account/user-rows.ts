/** Rows of accounts and groups. */

import type { GroupEntry } from '../kit/accounts/group.ts';
import { isShadowed, type PasswdEntry } from '../kit/accounts/passwd.ts';
import type { Host } from '../kit/files/host.ts';
import { toText } from '../kit/files/latin1-text.ts';
import { redactArguments } from '../kit/secrets/redact.ts';
import { type Accounts, accountPaths } from './accounts.ts';
import type { KeyRows } from './keys/key-rows.ts';
import type { IsPerson } from './login-numbers.ts';
import type { LastLogins } from './logins/last-logins.ts';
import type { passwordColumns } from './module.ts';
import { judgeAging, PasswordFields, toPeriods, type Verdict } from './password/verdict.ts';
import type { Row } from './row.ts';
import { type Grant, sumWays } from './sudo/policy.ts';
import type { SudoRules } from './sudo/rules.ts';

type PasswordPart = Pick<Row, (typeof passwordColumns)[number]>;

/** Members can read or write disks, memory or hashes, start what they like as root, or are sudo's or polkit's usual administrators. */
const rootGroups: ReadonlySet<string> = new Set([
  'admin',
  'disk',
  'docker',
  'incus-admin',
  'kmem',
  'libvirt',
  'lxd',
  'root',
  'shadow',
  'sudo',
  'wheel',
]);

/** The table of hashes was not read. */
const unknownPassword: PasswordPart = {
  password: null,
  scheme: null,
  changed: null,
  expires: null,
  inactive: null,
  ends: null,
  minage: null,
  maxage: null,
  warnage: null,
};

function toGrantRow({ by, runas, commands, tags, way, path, line }: Grant): Row {
  const told = commands.map((command) => redactArguments(command.split(' ')).join(' '));
  return {
    entry: 'sudo',
    root: way === undefined ? [] : [way],
    way: [`sudo:${toText(by)}`],
    target: runas.map(toText),
    command: told.map(toText),
    tag: tags,
    path,
    line,
  };
}

function toWays(groups: readonly string[], grants: readonly Grant[]): Pick<Row, 'root' | 'way'> {
  const byGroup = groups.filter((name) => rootGroups.has(name));
  const bySudo = grants.flatMap(({ way, by }) => (way === undefined ? [] : [`sudo:${toText(by)}`]));
  return {
    root: [...(byGroup.length > 0 ? (['group'] as const) : []), ...sumWays(grants)],
    way: [...byGroup.map((name) => `group:${toText(name)}`), ...new Set(bySudo)],
  };
}

/** What is said of accounts besides the tables. */
interface Parts {
  readonly sudo: SudoRules;
  readonly keys: KeyRows;
  readonly logins: LastLogins;
  readonly isPerson: IsPerson;
}

function toLoginPart(login: ReturnType<LastLogins['find']>): Row {
  if (login === null) return { seen: null, login: null, from: null };
  if (login === 'never') return { seen: 'never' };
  return { seen: 'yes', login: login.timeMs, ...(login.from === '' ? {} : { from: toText(login.from) }) };
}

export class UserRows {
  readonly #host: Host;
  readonly #accounts: Accounts;
  readonly #fields: PasswordFields;
  readonly #sudo: SudoRules;
  readonly #keys: KeyRows;
  readonly #logins: LastLogins;
  readonly #isPerson: IsPerson;
  readonly #nowMs: number;

  constructor(host: Host, accounts: Accounts, { sudo, keys, logins, isPerson }: Parts, nowMs: number) {
    this.#keys = keys;
    this.#logins = logins;
    this.#host = host;
    this.#sudo = sudo;
    this.#accounts = accounts;
    this.#isPerson = isPerson;
    this.#nowMs = nowMs;
    this.#fields = new PasswordFields(accounts.users.map((user) => this.#fieldOf(user) ?? ''));
  }

  *list(): Generator<Row> {
    for (const user of this.#accounts.users) {
      const grants = this.#sudo.grantsOf(user);
      yield this.#toUser(user, grants);
      const identity = this.#toIdentity(user);
      for (const grant of grants) yield { ...identity, ...toGrantRow(grant) };
      yield* this.#keys.listFor(user, identity);
    }
    for (const { name, grant } of this.#sudo.strangerGrants()) yield { name: toText(name), ...toGrantRow(grant) };
    const names = new Set(this.#accounts.users.map(({ name }) => name));
    for (const { name, path, ...login } of this.#logins.strangers(names))
      yield { entry: 'login', name: toText(name), ...toLoginPart({ ...login, path }), path };
    for (const group of this.#accounts.groups) yield this.#toGroup(group);
    for (const { name, path, line } of this.#accounts.directoryLines)
      yield { entry: 'elsewhere', name: toText(name), path, line };
  }

  /** Undefined when shadow has it and was not read. */
  #fieldOf({ name, password }: PasswdEntry): string | undefined {
    if (!isShadowed({ password })) return password;
    const { shadow } = this.#accounts;
    return shadow === undefined ? undefined : (shadow.get(name)?.password ?? password);
  }

  #toPassword(user: PasswdEntry): PasswordPart {
    const field = this.#fieldOf(user);
    if (field === undefined) return unknownPassword;
    const { scheme, verdicts } = this.#fields.judge(field);
    const aging = isShadowed(user) ? this.#accounts.shadow?.get(user.name) : undefined;
    const ofDays: Verdict[] = aging === undefined ? [] : judgeAging(aging, this.#nowMs);
    // Days mean nothing where no password works, but for the end of the account.
    const told = verdicts.includes('unusable') ? ofDays.filter((verdict) => verdict === 'ended') : ofDays;
    return {
      password: [...verdicts, ...told],
      ...(scheme === null ? {} : { scheme }),
      ...(aging === undefined ? {} : toPeriods(aging)),
    };
  }

  /** What rows of all kinds say of their account. */
  #toIdentity({ name, uid, shell }: PasswdEntry): Row {
    const kind = this.#isPerson(uid) ? 'person' : 'system';
    return { name: toText(name), uid, kind, ...(shell === '' ? {} : { shell: toText(shell) }) };
  }

  #toUser(user: PasswdEntry, grants: readonly Grant[]): Row {
    const { uid, gid, line } = user;
    const groups = this.#accounts.groupsOf(user);
    return {
      entry: 'account',
      ...this.#toIdentity(user),
      gid,
      ...(user.home === '' ? {} : { home: toText(user.home) }),
      group: groups.map(toText),
      ...(uid === 0 ? { root: ['uid0'], way: ['uid:0'] } : toWays(groups, grants)),
      ...this.#toPassword(user),
      ...toLoginPart(this.#logins.find(user)),
      subuid: this.#accounts.subordinatesOf(user, 'uid'),
      subgid: this.#accounts.subordinatesOf(user, 'gid'),
      path: this.#host.at(accountPaths.passwd),
      line,
    };
  }

  #toGroup({ name, gid, members, password, line }: GroupEntry): Row {
    const { groupShadow } = this.#accounts;
    const shadowed = groupShadow?.get(name);
    const isUnknown = groupShadow === undefined && isShadowed({ password });
    const field = shadowed?.password ?? password;
    const { scheme, verdicts } = this.#fields.judge(field);
    // Nobody joins a group without a password: it is for its members alone.
    const said: readonly Verdict[] = field === '' ? ['unusable'] : verdicts;
    return {
      entry: 'group',
      name: toText(name),
      gid,
      member: members.map(toText),
      admin: groupShadow === undefined ? null : (shadowed?.admins ?? []).map(toText),
      ...(isUnknown ? { password: null, scheme: null } : { password: said, ...(scheme === null ? {} : { scheme }) }),
      path: this.#host.at(accountPaths.group),
      line,
    };
  }
}
