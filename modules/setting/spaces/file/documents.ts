/** Reads each file of settings once. */
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue } from '../../key-space.ts';
import { setTo, unreadable, unset } from '../found.ts';
import { type SettingDocument, toUnreadable } from './document.ts';
import type { Step } from './path-expression.ts';
import { isSecretFile } from './secret-file.ts';

/** Files of settings are small; parsing takes many times as much memory. */
const mostBytes = 1024 * 1024;

type Opened = { readonly state: 'parsed'; readonly document: SettingDocument } | FoundValue;

function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export class SettingDocuments {
  readonly #host: Host;
  readonly #kind: string;
  readonly #opened = new Map<string, Opened>();

  /** @param kind of the source, for the receipt. */
  constructor(host: Host, kind: string) {
    this.#host = host;
    this.#kind = kind;
  }

  /** @param format which of several ways to parse the file this is. */
  find(path: string, format: string, parse: (bytes: Buffer) => SettingDocument, steps: readonly Step[]): FoundValue {
    const name = `${format} ${path}`;
    const opened = this.#opened.get(name) ?? this.#open(path, parse);
    this.#opened.set(name, opened);
    if (opened.state !== 'parsed') return opened;
    return this.#orUnreadable(() => {
      const found = opened.document.find(steps);
      if (found === undefined) return unset;
      const { value, line } = found;
      const text = typeof value === 'string' ? toLatin1(value) : value.map(toLatin1);
      return setTo(text, { path: this.#host.at(path), ...(line === undefined ? {} : { line }) });
    });
  }

  #open(path: string, parse: (bytes: Buffer) => SettingDocument): Opened {
    const file = this.#host.read(this.#kind, path, { most: mostBytes });
    if (file.state === 'absent') return unset;
    if (file.state === 'unknown') return unreadable(file.reason);
    const opened = isSecretFile(file.bytes)
      ? unreadable('protected')
      : this.#orUnreadable((): Opened => ({ state: 'parsed', document: parse(file.bytes) }));
    if (opened.state === 'unreadable') file.report(0, opened.reason);
    else file.report(opened.state === 'parsed' ? opened.document.entries : 0);
    return opened;
  }

  #orUnreadable<Found>(read: () => Found): Found | (FoundValue & { readonly state: 'unreadable' }) {
    try {
      return read();
    } catch (error) {
      const reason = toUnreadable(error);
      if (reason === undefined) throw error;
      return { state: 'unreadable', reason };
    }
  }
}
