/** Which values may leave the host: each has the form of its kind, and secrets are redacted as in command lines. */
import { basename, dirname } from 'node:path';
import { parseAddress } from '../../kit/listing/address.ts';
import { redactCommand } from '../../kit/secrets/redact.ts';
import type { CapturedKind, ValueKind } from '../question/value-kind.ts';

const mostCharacters = 256;
/** @see systemd.unit(5) */
const unitForm = /^[\w:.\\@-]{1,245}\.(?:service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/;
/** Printable, as a program names itself. */
const wordForm = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;
/** A path of a query or with an assignment is of a web server. */
const pathForm = /^(?:\/[^/\s?&=;%"'\0]{1,255}){2,32}$/;

/** What is told of all entries without a value, or with one that is none of its kind. People type passwords where a name is asked for. */
export const unfit: Readonly<Record<ValueKind, string>> = {
  account: 'unknown account',
  address: 'no address',
  number: 'no number',
  unit: 'no unit',
  path: 'no known path',
  word: 'no name',
};

export interface KnownHost {
  /** Names as Latin-1; null when they could not be read. */
  readonly accounts: ReadonlySet<string>;
  /** Whether the folder is there. @param folder as Latin-1. */
  readonly hasFolder: (folder: string) => boolean;
  /** Whether no rule hides the path. @param path as Latin-1. */
  readonly mayTell: (path: string) => boolean;
}

function toAddress(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%[\w.-]{1,16}$/, '');
  return parseAddress(bare) === undefined ? undefined : bare.toLowerCase();
}

export class ValueJudge {
  readonly #host: KnownHost;
  readonly #folders = new Map<string, boolean>();

  constructor(host: KnownHost) {
    this.#host = host;
  }

  /** @param value as Latin-1. */
  judge(kind: ValueKind, value: string): string {
    const told = value.length > mostCharacters ? undefined : this.#toTold(kind, value);
    return told ?? unfit[kind];
  }

  #toTold(kind: ValueKind, value: string): string | undefined {
    if (kind === 'word') return wordForm.test(value) ? redactCommand(value) : undefined;
    return this.#toCaptured(kind, value);
  }

  #toCaptured(kind: CapturedKind, value: string): string | undefined {
    switch (kind) {
      case 'account':
        return this.#host.accounts.has(value) ? value : undefined;
      case 'address':
        return toAddress(value);
      case 'number':
        return /^-?\d{1,15}$/.test(value) ? value : undefined;
      case 'unit':
        return unitForm.test(value) ? redactCommand(value) : undefined;
      case 'path':
        return pathForm.test(value) && this.#isKnown(value) ? redactCommand(value) : undefined;
    }
  }

  /** A path in a log may be anything; that of a program is in a folder of this machine, even when it is gone. */
  #isKnown(path: string): boolean {
    return !['.', '..'].includes(basename(path)) && this.#hasFolder(dirname(path)) && this.#host.mayTell(path);
  }

  #hasFolder(folder: string): boolean {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const isThere = this.#host.hasFolder(folder);
    this.#folders.set(folder, isThere);
    return isThere;
  }
}
