/** An entry of a source that the module reads itself: records of logins, events of audit. */

export interface Entry {
  /** Milliseconds since 1970; null when it has no time. */
  readonly timeMs: number | null;
  /** As Latin-1; of a field that it does not have, nothing. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** What patterns are compared with; none for records without text. As Latin-1. */
  readonly lines?: readonly string[];
}

export interface EntryTaker {
  /** @param path of the file, as `Host.at` makes it. */
  readonly take: (entry: Entry, path: string) => void;
  /** Records of zeros alone, where others are before and behind. */
  readonly zeroed: (count: number, path: string) => void;
}

/** Fields with one value each; an empty one is none. */
export function toFields(values: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(values).flatMap(([name, value]) => (value === '' ? [] : [[name, [value]]])));
}
