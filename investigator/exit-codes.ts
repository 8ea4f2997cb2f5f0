/** What `mig` says to scripts; the one list of its exit codes. */
export const exitCodes = {
  /** Something was found, or what was asked is done. */
  found: 0,
  nothingFound: 1,
  /** A wrong command line, wrong settings, or an error on the way. */
  error: 2,
  /** Some agents failed, refused, stayed silent, or gave an answer that was not genuine. */
  incomplete: 3,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
