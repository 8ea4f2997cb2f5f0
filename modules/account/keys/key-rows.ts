/** Rows of keys that let in: where sshd looks for them, and what it trusts besides. */
import { join } from 'node:path';
import type { PasswdEntry } from '../../kit/accounts/passwd.ts';
import type { Host } from '../../kit/files/host.ts';
import { toPath, toText } from '../../kit/files/latin1-text.ts';
import { toTableLines } from '../../kit/files/table-line.ts';
import { redactArguments } from '../../kit/secrets/redact.ts';
import { readSshdConfig, type Setting } from '../../kit/sshd/config.ts';
import type { Accounts } from '../accounts.ts';
import type { Row } from '../row.ts';
import { type AuthorizedKey, parseAuthorizedKey } from './authorized-keys.ts';
import { keyFilesOf } from './key-files.ts';
import { type PrivateKeyRows, toKeyPart } from './private-rows.ts';

const mostKeyFileBytes = 16 * 1024 * 1024;
const sshFolder = '/etc/ssh';
/** Files that let in users of other hosts without a key of their own. @see hosts.equiv(5), sshd(8) */
const hostTrust = ['/etc/hosts.equiv', '/etc/ssh/shosts.equiv', '/etc/shosts.equiv'];
const userTrust = ['.rhosts', '.shosts'];
/** Settings by which others than files decide. */
const commands: ReadonlySet<string> = new Set(['authorizedkeyscommand', 'authorizedprincipalscommand']);
const authorities: ReadonlySet<string> = new Set(['trustedusercakeys']);

/** A command in an option may have a secret in its arguments, a variable be one. */
function toOption(option: string): string {
  const [, name, value] = /^(command|environment)="([\s\S]*)"$/i.exec(option) ?? [];
  if (name === undefined || value === undefined) return toText(option);
  return toText(`${name}="${redactArguments(value.split(' ')).join(' ')}"`);
}

function toKeyRow({ line, options, ...key }: AuthorizedKey): Row {
  return { ...toKeyPart(key), keyoption: options.map(toOption), line };
}

export class KeyRows {
  readonly #host: Host;
  readonly #accounts: Accounts;
  readonly #privateKeys: PrivateKeyRows;
  readonly #settings: readonly Setting[];
  readonly #files = new Map<string, readonly AuthorizedKey[]>();

  constructor(host: Host, accounts: Accounts, privateKeys: PrivateKeyRows) {
    this.#host = host;
    this.#accounts = accounts;
    this.#privateKeys = privateKeys;
    this.#settings = readSshdConfig(host).settings;
  }

  /** @param identity what every row says of the account. */
  *listFor(user: PasswdEntry, identity: Row): Generator<Row> {
    for (const path of keyFilesOf(this.#settings, user, this.#accounts.groupsOf(user)))
      for (const key of this.#read('authorized_keys', path))
        yield { entry: 'key', ...identity, ...toKeyRow(key), path: this.#host.at(path) };
    // Many system accounts have no home, or the root of the file system.
    const home = toPath(user.home);
    if (!home.startsWith('/') || home === '/') return;
    for (const name of userTrust) yield* this.#trust(join(home, name), identity);
    yield* this.#privateKeys.list(join(home, '.ssh'), identity);
  }

  /** What is not of one account. */
  *listForAll(): Generator<Row> {
    for (const path of hostTrust) yield* this.#trust(path, {});
    for (const { name, values, path, line } of this.#settings) {
      const [first = ''] = values;
      if (first === '' || first.toLowerCase() === 'none') continue;
      if (commands.has(name)) yield { entry: 'elsewhere', name: toText(`sshd:${name} ${first}`), path, line };
      else if (authorities.has(name) && first.startsWith('/'))
        for (const key of this.#read('ca', toPath(first)))
          yield { entry: 'ca', ...toKeyRow(key), path: this.#host.at(toPath(first)) };
    }
    yield* this.#privateKeys.list(sshFolder, {});
  }

  *#trust(path: string, identity: Row): Generator<Row> {
    const file = this.#host.read('trust', path, { most: mostKeyFileBytes });
    if (file.state !== 'read') return;
    const lines = [...toTableLines(file.bytes)].length;
    file.report(lines);
    if (lines > 0) yield { entry: 'trust', ...identity, path: this.#host.at(path) };
  }

  /** Once, also when several accounts have the file. */
  #read(kind: string, path: string): readonly AuthorizedKey[] {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const table = this.#host.readTable(kind, path, ({ number, text }) => parseAuthorizedKey(number, text), {
      most: mostKeyFileBytes,
    });
    const keys = table.state === 'read' ? table.entries : [];
    this.#files.set(path, keys);
    return keys;
  }
}
