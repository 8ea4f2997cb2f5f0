/** Reads who gets in: files only, no directory service is asked. */
import * as z from 'zod';
import { Host, type HostWork } from '../kit/files/host.ts';
import type { SearchValues } from '../kit/listing/row-filter.ts';
import { runListing } from '../kit/listing/run-listing.ts';
import { Accounts, areShadowsOpen } from './accounts.ts';
import { listDirectories } from './directories.ts';
import { KeyRows } from './keys/key-rows.ts';
import { PrivateKeyRows } from './keys/private-rows.ts';
import { readPersonNumbers } from './login-numbers.ts';
import { LastLogins } from './logins/last-logins.ts';
import { module, passwordColumns } from './module.ts';
import { listPolkitRules } from './polkit.ts';
import type { Row } from './row.ts';
import { SudoRules } from './sudo/rules.ts';
import { UserRows } from './user-rows.ts';

interface AccountWork extends HostWork {
  readonly asked: ReadonlySet<string>;
  readonly searches: readonly SearchValues[];
}

const Entries = z.array(z.string()).default([]);

/** @param root of the host's files. */
export function rowsBelow(root: string): (work: AccountWork) => Generator<Row> {
  return function* (work) {
    const host = new Host(root, work);
    // Without a filter on them, passwords are told only where nothing protects them: a question is not spent on them.
    const readsShadow = passwordColumns.some((column) => work.asked.has(column)) || areShadowsOpen(host);
    const accounts = new Accounts(host, readsShadow);
    const sudo = new SudoRules(host, accounts);
    const asksForKeys = work.searches.some(
      ({ entries, passphrases }) => passphrases !== undefined || Entries.parse(entries).includes('privatekey'),
    );
    const keys = new KeyRows(host, accounts, new PrivateKeyRows(host, asksForKeys));
    const logins = new LastLogins(host, accounts.users);
    const parts = { sudo, keys, logins, isPerson: readPersonNumbers(host) };
    yield* new UserRows(host, accounts, parts, Date.now()).list();
    yield* keys.listForAll();
    yield* listPolkitRules(host);
    yield* listDirectories(host);
  };
}

export const run = runListing(module, rowsBelow('/'));
