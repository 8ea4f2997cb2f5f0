/** Names of the host's users and groups by number, and the reverse, as its own files say. No directory is asked. */
import type { SkipReason } from '../../../protocol/result/result.ts';
import { readHostFile } from '../files/host-file.ts';
import { toText } from '../files/latin1-text.ts';
import { RemotePlaces } from '../files/remote-places.ts';
import { type TableLine, toTableLines } from '../files/table-line.ts';
import type { Gate } from '../gate.ts';
import { parseGroupLine } from './group.ts';
import { parsePasswdLine } from './passwd.ts';

export interface NamedNumber {
  /** Latin-1: one character for each byte. */
  readonly name: string;
  readonly number: number;
}

/** Room for a million accounts. */
const mostBytes = 128 * 1024 * 1024;

/** The first of several lines counts, as for the C library. */
class AccountNames {
  readonly #names = new Map<number, string>();
  readonly #numbers = new Map<string, number>();

  constructor(entries: Iterable<NamedNumber>) {
    for (const { name, number } of entries) {
      if (!this.#names.has(number)) this.#names.set(number, toText(name));
      if (!this.#numbers.has(name)) this.#numbers.set(name, number);
    }
  }

  nameOf(number: number): string | undefined {
    return this.#names.get(number);
  }

  numberOf(name: string): number | undefined {
    return this.#numbers.get(Buffer.from(name).toString('latin1'));
  }
}

export type AccountTable =
  | { readonly state: 'read'; readonly path: string; readonly names: AccountNames }
  | { readonly state: 'unread'; readonly path: string; readonly reason: SkipReason };

function readTable(
  gate: Gate,
  remote: RemotePlaces,
  path: string,
  parse: (line: TableLine) => NamedNumber | null,
): AccountTable {
  if (remote.isBehind(path)) return { state: 'unread', path, reason: 'remote-file' };
  // Names are a convenience, and take no question of the budget.
  if (gate.hasRules && gate.requestRead({ paths: [path] }, 0) !== 'open')
    return { state: 'unread', path, reason: 'protected' };
  const file = readHostFile(gate, path, mostBytes);
  if (file.kind === 'unread') return { state: 'unread', path, reason: file.reason };
  const entries = [...toTableLines(file.bytes)].flatMap((line) => parse(line) ?? []);
  return { state: 'read', path, names: new AccountNames(entries) };
}

/** Null for a line that is no account. */
export function toUser(line: TableLine): NamedNumber | null {
  const entry = parsePasswdLine(line);
  return entry?.kind === 'account' ? { name: entry.name, number: entry.uid } : null;
}

/** Null for a line that is no group. */
export function toGroup(line: TableLine): NamedNumber | null {
  const entry = parseGroupLine(line);
  return entry?.kind === 'group' ? { name: entry.name, number: entry.gid } : null;
}

/** Reads each table when it is first needed. */
export class HostAccounts {
  readonly #gate: Gate;
  readonly #remote = new RemotePlaces();
  #users: AccountTable | undefined;
  #groups: AccountTable | undefined;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  get users(): AccountTable {
    this.#users ??= readTable(this.#gate, this.#remote, '/etc/passwd', toUser);
    return this.#users;
  }

  get groups(): AccountTable {
    this.#groups ??= readTable(this.#gate, this.#remote, '/etc/group', toGroup);
    return this.#groups;
  }
}

/** The name, or the number of an account without one. */
export function toAccountText(table: AccountTable, number: number): string {
  return (table.state === 'read' ? table.names.nameOf(number) : undefined) ?? String(number);
}
