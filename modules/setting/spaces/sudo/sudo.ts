/** `sudo:`: what `Defaults` in sudoers files set on this host. @see sudoers(5) */
import { isDeepStrictEqual } from 'node:util';
import { type HostUser, readHostUser } from '../../../kit/accounts/host-user.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toLatin1, toText } from '../../../kit/files/latin1-text.ts';
import { type Fit, fitAll, fitHosts, fitUsers, toWritten } from '../../../kit/sudo/members.ts';
import { readSudoers, type Sudoers } from '../../../kit/sudo/sudoers.ts';
import type { DefaultsRule } from '../../../kit/sudo/syntax.ts';
import type { DependingValue, FoundValue, KeySpace, KnownValue, SettingReader } from '../../key-space.ts';
import { always, notApplicable, unreadable } from '../found.ts';
import { type DefaultsName, defaultsNames, findDefaultsName, typeOfDefaults } from './names.ts';
import { type PlacedSetting, toValue } from './value.ts';

const mostCases = 1000;

interface SudoKey {
  readonly name: string;
  /** Whose use of sudo is meant. */
  readonly user?: string;
}

function parseKey(key: string): SudoKey | undefined {
  const [, user, name = ''] = /^(?:\[user=([^\]]+)\]:)?([a-z_]+)$/.exec(key) ?? [];
  if (findDefaultsName(name) === undefined) return undefined;
  return user === undefined ? { name } : { name, user };
}

/** `user alice, %wheel` */
function toWhen({ scope, members }: DefaultsRule): string {
  const words = members.map((member) => `${member.isNegated ? '!' : ''}${toWritten(member)}`);
  return toText(`${scope} ${words.join(', ')}`);
}

interface Line extends PlacedSetting {
  /** Undefined for a line that holds for certain. */
  readonly when?: string;
}

/** What holds for certain, and what each case makes of it: several cases together give no other value. */
function toCases(name: DefaultsName, lines: readonly Line[]): FoundValue {
  const cases = new Set(lines.flatMap(({ when }) => when ?? []));
  if (cases.size > mostCases) return unreadable('size-limit');
  const certain = toValue(
    name,
    lines.filter(({ when }) => when === undefined),
  );
  const others = [...cases].flatMap((one): DependingValue[] => {
    const found = toValue(
      name,
      lines.filter(({ when }) => when === undefined || when === one),
    );
    return isDeepStrictEqual(toComparable(found), toComparable(certain)) ? [] : [{ found, when: one }];
  });
  return others.length === 0 ? certain : { state: 'depends', on: [...others, { found: certain }] };
}

function toComparable(found: KnownValue): unknown {
  return found.state === 'set' ? [found.value, found.mayHaveMore] : found;
}

class SudoReader implements SettingReader {
  readonly #host: Host;
  readonly #users = new Map<string, HostUser>();
  #sudoers: Sudoers | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(written: string) {
    return always(this.#find(written));
  }

  keys(): Iterable<string> {
    return defaultsNames();
  }

  #find(written: string): FoundValue {
    const key = parseKey(written);
    const name = key === undefined ? undefined : findDefaultsName(key.name);
    if (key === undefined || name === undefined) return { state: 'unset' };
    const sudoers = this.#read();
    const { isThere, gap, defaults } = sudoers;
    if (gap !== undefined) return unreadable(gap);
    if (!isThere) return notApplicable;
    const lines = defaults.flatMap((rule): Line[] => {
      const settings = rule.settings.filter((setting) => setting.name === key.name);
      const fit = settings.length === 0 ? 'no' : this.#fit(sudoers, rule, key.user);
      if (fit === 'no') return [];
      const from = { path: rule.path, line: rule.line };
      return settings.map((setting) => ({ setting, from, ...(fit === 'unknown' ? { when: toWhen(rule) } : {}) }));
    });
    return toCases(name, lines);
  }

  #read(): Sudoers {
    this.#sudoers ??= readSudoers(this.#host);
    return this.#sudoers;
  }

  #fit(sudoers: Sudoers, { scope, members }: DefaultsRule, user: string | undefined): Fit {
    if (scope === 'all') return 'yes';
    if (scope === 'host') return fitHosts(sudoers, members, this.#host.name);
    if (scope === 'user' && user !== undefined) return fitUsers(sudoers, members, this.#userOf(user));
    return fitAll(sudoers, scope, members);
  }

  #userOf(name: string): HostUser {
    const known = this.#users.get(name) ?? readHostUser(this.#host, toLatin1(name));
    this.#users.set(name, known);
    return known;
  }
}

export const sudoSpace: KeySpace = {
  prefix: 'sudo',
  discloses: 'values',
  help: 'What `Defaults` in sudoers set, for everybody or for `sudo[user=alice]:`.',
  example: 'sudo:timestamp_timeout <= 15',
  checkKey(key) {
    if (/^[a-z_*]*\*[a-z_*]*$/.test(key) || parseKey(key) !== undefined) return null;
    return `expected a name behind Defaults in sudoers(5) such as use_pty, got ${JSON.stringify(key)}`;
  },
  typeOf(key) {
    const name = findDefaultsName(parseKey(key)?.name ?? '');
    return name === undefined ? 'text' : typeOfDefaults(name);
  },
  open: (host) => new SudoReader(host),
};
