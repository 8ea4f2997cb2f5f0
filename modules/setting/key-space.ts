/** What a key space offers: settings with a prefix of their own, read from the sources that decide them. */
import type { Need } from '../../protocol/environment/need.ts';
import type { SkipReason } from '../../protocol/result/result.ts';
import type { Host } from '../kit/files/host.ts';

/**
 * How values compare. `number`: as numbers where both are numbers, else as text. `time`: spans of time, `90`, `5min`,
 * `2h`; a number without a unit is seconds. `list`: a condition holds when it does for one of the values.
 */
export type ValueType = 'text' | 'number' | 'size' | 'time' | 'version' | 'boolean' | 'list';

/** Where a value is set. The path is as `Host.at` makes it. */
export interface Place {
  readonly path: string;
  /** The first is 1. */
  readonly line?: number;
}

export type KnownValue =
  /** Text of the host is as `toText` writes it. */
  | {
      readonly state: 'set';
      readonly value: string | readonly string[];
      readonly from?: Place;
      /** Of a list: a program adds values of its own, which the sources do not tell. */
      readonly mayHaveMore?: true;
    }
  /** No source sets it. Whether a program's own default, which the sources do not tell, holds then. */
  | { readonly state: 'unset'; readonly hasDefault?: true };

/** One of the values that a setting may have. */
export interface DependingValue {
  readonly found: KnownValue;
  /** `user alice`; undefined for all other cases. */
  readonly when?: string;
}

export type FoundValue =
  | KnownValue
  /** It depends on what the key does not say, such as who logs in. A condition that fits some of them is undecided. */
  | { readonly state: 'depends'; readonly on: readonly DependingValue[] }
  /** It cannot be told. */
  | { readonly state: 'unreadable'; readonly reason: SkipReason }
  /** The machine has nothing that it could apply to. */
  | { readonly state: 'not-applicable' };

/** Where it is set; of several values the first that is. */
export function placeOf(found: FoundValue): Place | undefined {
  if (found.state === 'depends') return found.on.map((one) => placeOf(one.found)).find((place) => place !== undefined);
  return found.state === 'set' ? found.from : undefined;
}

/** All files that set it. */
export function pathsOf(found: FoundValue): string[] {
  const all = found.state === 'depends' ? found.on.map((one) => one.found) : [found];
  return all.flatMap((one) => placeOf(one)?.path ?? []);
}

export interface SettingValue {
  /** What holds now. */
  readonly now: FoundValue;
  /** What would hold after a reboot. */
  readonly boot: FoundValue;
  /** Whether they differ, where comparing them would not tell; null when that is unknown. */
  readonly differs?: boolean | null;
}

/** Reads the settings of one host for one operation. Each source is read once, when it is first needed. */
export interface SettingReader {
  read(key: string): SettingValue;
  /** The keys for a question with `*`; others than those that match are left out later. Without it, `*` is a letter. */
  keys?(glob: string): Iterable<string>;
  /** At the end: names sources in the receipt of which only parts were read. */
  finish?(): void;
}

export interface KeySpace {
  /** `sysctl` in `sysctl:net.ipv4.ip_forward`. */
  readonly prefix: string;
  /** Values only where no key can have a secret. */
  readonly discloses: 'values' | 'verdicts';
  /** One sentence. */
  readonly help: string;
  /** A whole condition: `sysctl:net.ipv4.ip_forward != 0`. */
  readonly example: string;
  /** Whether anybody may read all its sources: the question needs no rights then. */
  readonly isPublic?: true;
  /** Whether only the value after a reboot can be known. */
  readonly isOnlyKnownAtBoot?: true;
  /** Rights besides reading files. */
  readonly alsoNeeds?: readonly Need[];
  /** Why the key cannot be one of this space, said before the question is signed; null for a key, and one with `*`. */
  checkKey(key: string): string | null;
  typeOf(key: string): ValueType;
  /** The path that the key itself names, which rules may hide. */
  pathOf?(key: string): string;
  /** The one file that decides the key, in spaces of many files: when it is protected, keys of others are not. */
  sourceOf?(key: string): string;
  /** Later for a reader whose code is loaded when it is first needed. */
  open(host: Host): SettingReader | Promise<SettingReader>;
}
