/** Exit codes of `mig`: the one list. */
import { couldNotPrint, readerGone } from '../../host/standard-output.ts';

export const exitCodes = {
  /** Something was found, or what was asked is done. */
  found: 0,
  /** Every agent that was asked looked at all of it. */
  nothingFound: 1,
  /** A wrong command line, wrong settings, or an error on the way. */
  error: 2,
  /**
   * Some agents failed, refused, were stopped, stayed silent, or gave an answer that was not genuine; nobody answered;
   * or nothing was found by agents of which some answered partly.
   */
  incomplete: 3,
  /** The disk is full, or standard error is closed. */
  notPrinted: couldNotPrint,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
  /** 128 + SIGPIPE. */
  readerGone,
} as const;

export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'something was found, or what was asked is done',
  1: 'nothing was found, and every agent that was asked looked at all of it',
  2: 'wrong command line, wrong settings, or an error',
  3: 'some agents refused, failed, were stopped, stayed silent, or gave an answer that was not genuine; none answered; or nothing was found, but some looked at a part only',
  4: 'the answer, or what was to be said of it, could not be printed',
  130: 'interrupted with Ctrl-C',
  141: 'the reader of the answer has gone, as head does',
};

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
