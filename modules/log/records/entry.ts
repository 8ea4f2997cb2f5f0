/** An entry of a source that the module reads itself: records of logins. */

export interface Entry {
  /** Milliseconds since 1970; null when it has no time. */
  readonly timeMs: number | null;
  /** As Latin-1; of a field that it does not have, nothing. */
  readonly fields: ReadonlyMap<string, string>;
}

/** @param path of the file, as `Host.at` makes it. */
export type TakeEntry = (entry: Entry, path: string) => void;
