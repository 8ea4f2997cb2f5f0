/** Reads one key space for all conditions of an operation, and pays for what protected files decide. */
import type { SkipReason } from '../../protocol/result/result.ts';
import { toGlobPattern } from '../kit/files/glob-pattern.ts';
import type { Host } from '../kit/files/host.ts';
import type { Gate } from '../kit/gate.ts';
import { type KeySpace, pathsOf, type SettingReader, type SettingValue } from './key-space.ts';

export interface ReadSetting extends SettingValue {
  /** Whether values may be told, and not only whether a condition holds. */
  readonly isTold: boolean;
  /** Files that rules may hide. */
  readonly paths: readonly string[];
}

function unreadable(reason: SkipReason): SettingValue {
  const value = { state: 'unreadable', reason } as const;
  return { now: value, boot: value };
}

export class SpaceReader {
  readonly #space: KeySpace;
  readonly #host: Host;
  readonly #gate: Gate;
  readonly #values = new Map<string, SettingValue>();
  readonly #keys = new Map<string, readonly string[]>();
  readonly #reader: SettingReader;
  /** Sources of which a file that was read is protected: all their keys may depend on it. */
  readonly #protected = new Set<string>();

  private constructor(space: KeySpace, reader: SettingReader, host: Host, gate: Gate) {
    this.#space = space;
    this.#reader = reader;
    this.#host = host;
    this.#gate = gate;
  }

  static async open(space: KeySpace, host: Host, gate: Gate): Promise<SpaceReader> {
    return new SpaceReader(space, await space.open(host), host, gate);
  }

  /** The keys that a name with `*` stands for; the name itself where it is none. */
  expand(name: string): readonly string[] {
    const reader = this.#reader;
    if (!name.includes('*') || reader.keys === undefined) return [name];
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const pattern = toGlobPattern(name.replaceAll('?', '\\?'));
    const answered = this.#gate.answered;
    const keys = [...new Set(reader.keys(name))].filter((key) => pattern.test(key));
    if (this.#gate.answered > answered) this.#protected.add(this.#sourceOf(name));
    this.#keys.set(name, keys);
    return keys;
  }

  /** One condition on a setting that protected files decide takes one question of the budget. */
  read(name: string): ReadSetting {
    const { value, isFresh } = this.#lookUp(name);
    const ownPath = this.#space.pathOf?.(name);
    const paths = [
      ...pathsOf(value.now),
      ...pathsOf(value.boot),
      ...(ownPath === undefined ? [] : [this.#host.at(ownPath)]),
    ];
    if (!this.#protected.has(this.#sourceOf(name)))
      return { ...value, isTold: this.#space.discloses === 'values', paths };
    // Reading the file has paid for the first condition.
    const refusal = isFresh ? null : this.#pay();
    return { ...(refusal === null ? value : unreadable(refusal)), isTold: false, paths };
  }

  finish(): void {
    this.#reader.finish?.();
  }

  /** Empty where all keys have the same sources. */
  #sourceOf(name: string): string {
    return this.#space.sourceOf?.(name) ?? '';
  }

  #lookUp(name: string): { readonly value: SettingValue; readonly isFresh: boolean } {
    const known = this.#values.get(name);
    if (known !== undefined) return { value: known, isFresh: false };
    const answered = this.#gate.answered;
    const value = this.#reader.read(name);
    this.#values.set(name, value);
    const isFresh = this.#gate.answered > answered;
    if (isFresh) this.#protected.add(this.#sourceOf(name));
    return { value, isFresh };
  }

  #pay(): SkipReason | null {
    if (this.#gate.answered >= this.#gate.protection.questions) return 'question-limit';
    this.#gate.countAnswered(1);
    return null;
  }
}
