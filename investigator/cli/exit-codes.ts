/** Exit codes of `mig`: the one list. */
export const exitCodes = {
  /** Something was found, or what was asked is done. */
  found: 0,
  nothingFound: 1,
  /** A wrong command line, wrong settings, or an error on the way. */
  error: 2,
  /** Some agents failed, refused, were stopped, stayed silent, or gave an answer that was not genuine; or nobody answered. */
  incomplete: 3,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'something was found, or what was asked is done',
  1: 'nothing was found',
  2: 'wrong command line, wrong settings, or an error',
  3: 'some agents refused, failed, were stopped, stayed silent, or gave an answer that was not genuine; or none answered',
  130: 'interrupted with Ctrl-C',
};

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
