/** What sudo lets each account of a host do. */

import type { HostUser } from '../../kit/accounts/host-user.ts';
import type { PasswdEntry } from '../../kit/accounts/passwd.ts';
import type { Host } from '../../kit/files/host.ts';
import { readSudoers } from '../../kit/sudo/sudoers.ts';
import type { Member } from '../../kit/sudo/syntax.ts';
import type { Accounts } from '../accounts.ts';
import { type Grant, SudoPolicy } from './policy.ts';

const defaultRoot: HostUser = { name: 'root', uid: 0, groups: new Set(['root']), gids: new Set([0]) };

export class SudoRules {
  readonly #accounts: Accounts;
  readonly #policy: SudoPolicy;

  constructor(host: Host, accounts: Accounts) {
    this.#accounts = accounts;
    const root = accounts.users.find(({ uid }) => uid === 0);
    this.#policy = new SudoPolicy(readSudoers(host), host.name, root === undefined ? defaultRoot : this.#toUser(root));
  }

  grantsOf(user: PasswdEntry): Grant[] {
    return this.#policy.grantsOf(this.#toUser(user));
  }

  /** Of users and groups that are in no file here: a directory may have them. */
  strangerGrants(): { readonly name: string; readonly grant: Grant }[] {
    const names = new Set(this.#accounts.users.map(({ name }) => name));
    const uids = new Set(this.#accounts.users.map(({ uid }) => uid));
    const gids = new Set(this.#accounts.groups.map(({ gid }) => gid));
    return this.#policy.strangerGrants(({ kind, text }: Member) => {
      const number = text.startsWith('#') ? Number(text.slice(1)) : undefined;
      if (kind === 'user') return number === undefined ? names.has(text) : uids.has(number);
      if (kind === 'group') return number === undefined ? this.#accounts.gidOf(text) !== undefined : gids.has(number);
      return kind === 'all';
    });
  }

  #toUser(user: PasswdEntry): HostUser {
    const groups = this.#accounts.groupsOf(user);
    const gids = groups.flatMap((group) => this.#accounts.gidOf(group) ?? []);
    return { name: user.name, uid: user.uid, groups: new Set(groups), gids: new Set([user.gid, ...gids]) };
  }
}
