/**
 * One command-line flag in Go's style: `-path` equals `--path`, and the next argument is the value, whatever it looks
 * like.
 */
export interface Flag {
  readonly name: string;
  readonly kind: 'boolean' | 'string' | 'number';
  /** A list parameter: the flag may be repeated. */
  readonly repeatable?: boolean;
  /** The placeholder of the value in help: `<regex>`. */
  readonly value?: string;
  /** One sentence, then the default. */
  readonly help: string;
  readonly example?: string;
}

export type FlagValue = boolean | string | number | readonly string[];

/** The given values by flag; absent for others. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;
