/** The numbers of the accounts that a search names, by the host's own files. */
import type { SkipReason } from '../../protocol/result/result.ts';
import type { AccountTable, HostAccounts } from '../kit/accounts/account-names.ts';
import type { AccountNumbers } from './fact-checks.ts';
import { parseAccountNumber } from './values.ts';

interface Unread {
  readonly reason: SkipReason;
  readonly message: string;
}

export class AskedAccounts implements AccountNumbers {
  readonly #accounts: HostAccounts;
  readonly #missing = new Set<string>();
  readonly #unread = new Map<string, Unread>();

  constructor(accounts: HostAccounts) {
    this.#accounts = accounts;
  }

  /** Accounts that this host does not have: nothing belongs to them. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Why nothing can be said about an account; empty when something can. */
  get unread(): readonly Unread[] {
    return [...this.#unread.values()];
  }

  userOf = (account: string): number | undefined =>
    parseAccountNumber(account) ?? this.#look(`user ${account}`, account, this.#accounts.users);

  groupOf = (account: string): number | undefined =>
    parseAccountNumber(account) ?? this.#look(`group ${account}`, account, this.#accounts.groups);

  #look(asked: string, account: string, table: AccountTable): number | undefined {
    if (table.state === 'unread') {
      const message = `${asked}: ${table.path} was not read (${table.reason}); a number needs no file`;
      this.#unread.set(message, { reason: table.reason, message });
      return undefined;
    }
    const number = table.names.numberOf(account);
    if (number === undefined) this.#missing.add(`${asked}: no such account in ${table.path}`);
    return number;
  }
}
