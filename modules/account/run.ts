/** Reads who gets in: files only, no directory service is asked. */
import { runListing } from '../kit/listing/run-listing.ts';
import { Accounts, areShadowsOpen } from './accounts.ts';
import { listDirectories } from './directories.ts';
import { Host, type HostWork } from './host.ts';
import { readPersonNumbers } from './login-numbers.ts';
import { module, passwordColumns } from './module.ts';
import { listPolkitRules } from './polkit.ts';
import { SudoRules } from './sudo/rules.ts';
import { type Row, UserRows } from './user-rows.ts';

interface AccountWork extends HostWork {
  readonly asked: ReadonlySet<string>;
}

/** @param root of the host's files. */
export function rowsBelow(root: string): (work: AccountWork) => Generator<Row> {
  return function* (work) {
    const host = new Host(root, work);
    // Without a filter on them, passwords are told only where nothing protects them: a question is not spent on them.
    const readsShadow = passwordColumns.some((column) => work.asked.has(column)) || areShadowsOpen(host);
    const accounts = new Accounts(host, readsShadow);
    const sudo = new SudoRules(host, accounts);
    yield* new UserRows(host, accounts, sudo, readPersonNumbers(host), Date.now()).list();
    yield* listPolkitRules(host);
    yield* listDirectories(host);
  };
}

export const run = runListing(module, rowsBelow('/'));
