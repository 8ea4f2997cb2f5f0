/** The accounts of a host's own table: no directory is asked. @see passwd(5) */
import { parsePasswdLine } from '../../kit/accounts/passwd.ts';
import type { Host } from '../../kit/files/host.ts';
import { toPath } from '../../kit/files/latin1-text.ts';

export interface Account {
  /** In Latin-1. */
  readonly name: string;
  readonly uid: number;
  /** Absolute. */
  readonly home: string;
}

const mostAccounts = 10_000;

export class Accounts {
  readonly list: readonly Account[];

  constructor(host: Host) {
    const table = host.readTable('passwd', '/etc/passwd', (line) => {
      const entry = parsePasswdLine(line);
      if (entry?.kind !== 'account' || entry.name === '') return null;
      return { name: entry.name, uid: entry.uid, home: toPath(entry.home) };
    });
    this.list = table.state === 'read' ? table.entries.slice(0, mostAccounts) : [];
    if (table.state === 'read' && table.entries.length > mostAccounts)
      host.report('homes', '/etc/passwd', mostAccounts, 'size-limit');
  }

  /** The name, or the number of an account that is in no file. */
  nameOf(uid: number): string {
    return this.list.find((account) => account.uid === uid)?.name ?? String(uid);
  }

  /** Home folders, each with the first account that has it. The root folder and those of the system are none. */
  get homes(): Account[] {
    const byHome = new Map<string, Account>();
    for (const account of this.list) {
      const isHome =
        account.home.startsWith('/') &&
        account.home !== '/' &&
        !/^\/(?:dev|proc|sys|nonexistent)(?:\/|$)/.test(account.home);
      if (isHome && !byHome.has(account.home)) byHome.set(account.home, account);
    }
    return [...byHome.values()];
  }
}
