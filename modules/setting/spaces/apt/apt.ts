/** `apt:`: what apt's configuration files set. @see apt.conf(5) */

import { parseAptConf } from '../../../kit/apt/apt-conf.ts';
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue, KeySpace, Place, SettingReader } from '../../key-space.ts';
import { always, known, notApplicable, type Reading, setTo, unknown, unreadable } from '../found.ts';

const kind = 'apt';
const folder = '/etc/apt/apt.conf.d';
/** Read behind the folder. */
const mainFile = '/etc/apt/apt.conf';
const mostBytes = 4 * 1024 * 1024;
/** Other names are passed over by apt. */
const fileName = /^[\w-]+(?:\.conf)?$/;

interface Option {
  readonly value?: string;
  readonly items: readonly string[];
  /** Of the last line about it. */
  readonly from: Place;
}

interface AptConfiguration {
  readonly isThere: boolean;
  /** By name in lower case. */
  readonly options: ReadonlyMap<string, Option>;
}

class Options {
  readonly byName = new Map<string, Option>();

  set(name: string, value: string, from: Place): void {
    this.byName.set(name, { items: this.byName.get(name)?.items ?? [], value, from });
  }

  append(name: string, value: string, from: Place): void {
    const before = this.byName.get(name);
    this.byName.set(name, { ...before, items: [...(before?.items ?? []), value], from });
  }

  /** With everything below it. */
  clear(name: string): void {
    for (const key of [...this.byName.keys()]) if (key === name || key.startsWith(`${name}::`)) this.byName.delete(key);
  }
}

function readConfiguration(host: Host): Reading<AptConfiguration> {
  const { names, gap } = host.listFolder(kind, folder);
  if (gap !== undefined) return unknown(gap);
  const own = names.filter((name) => fileName.test(name));
  const options = new Options();
  let isThere = own.length > 0;
  for (const path of [...own.map((name) => `${folder}/${name}`), mainFile]) {
    const file = host.read(kind, path, { most: mostBytes });
    if (file.state === 'unknown') return unknown(file.reason);
    if (file.state === 'absent') continue;
    isThere = true;
    const statements = [...parseAptConf(file.bytes.toString('latin1'))];
    // A file elsewhere may set anything.
    const isWhole = statements.every((one) => one.kind !== 'include');
    file.report(statements.length, isWhole ? undefined : 'unsupported');
    if (!isWhole) return unknown('unsupported');
    for (const { kind: of, name, value, line } of statements) {
      const from = { path: host.at(path), line };
      if (of === 'set') options.set(name.toLowerCase(), value, from);
      else if (of === 'append') options.append(name.toLowerCase(), value, from);
      else options.clear(name.toLowerCase());
    }
  }
  return known({ isThere, options: options.byName });
}

class AptReader implements SettingReader {
  readonly #host: Host;
  #read: Reading<AptConfiguration> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  read(name: string) {
    return always(this.#find(name));
  }

  #find(name: string): FoundValue {
    this.#read ??= readConfiguration(this.#host);
    if (this.#read.state === 'unknown') return unreadable(this.#read.reason);
    const { isThere, options } = this.#read.content;
    if (!isThere) return notApplicable;
    const option = options.get(name.toLowerCase());
    if (option === undefined) return { state: 'unset', hasDefault: true };
    const { value, items, from } = option;
    return setTo(items.length > 0 ? items : (value ?? ''), from);
  }
}

export const aptSpace: KeySpace = {
  prefix: 'apt',
  discloses: 'verdicts',
  help: "Options of apt's configuration files, such as `APT::Get::AllowUnauthenticated`.",
  example: 'apt:APT::Periodic::Unattended-Upgrade != 1',
  checkKey: (key) =>
    /^[A-Za-z][\w.+/-]*(?:::[\w.+/-]+)*$/.test(key) && !key.includes('..')
      ? null
      : `expected an option such as APT::Get::Assume-Yes, got ${JSON.stringify(key)}`,
  // Compared as numbers where both are.
  typeOf: () => 'number',
  open: (host) => new AptReader(host),
};
