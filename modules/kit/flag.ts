/** One command-line flag, in Go's manner: `-path` and `--path` alike, and a value flag takes the next argument as it is. */
export interface Flag {
  readonly name: string;
  readonly kind: 'boolean' | 'string' | 'number';
  /** A list parameter: the flag may be given several times. */
  readonly repeatable?: boolean;
  /** The word shown for the value in help: `<regex>`. */
  readonly value?: string;
  /** One sentence, then what happens without the flag. */
  readonly help: string;
  readonly example?: string;
}

export type FlagValue = boolean | string | number | readonly string[];

/** What was given for each flag; absent when not given. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;
