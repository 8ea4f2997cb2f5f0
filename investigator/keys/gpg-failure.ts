/** Why gpg could not do something, by the error code on its status lines (gnupg doc/DETAILS; libgpg-error's gpg-error.h). */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { InvestigatorKeyCode } from './investigator-key.ts';

export type GpgFailureCode =
  | 'gpg-agent-missing'
  | 'pinentry-missing'
  | 'pinentry-without-terminal'
  | 'pinentry-timeout'
  | 'pinentry-cancelled'
  | 'passphrase-wrong'
  | 'card-missing'
  | 'card-blocked';

interface Failure {
  readonly code: GpgFailureCode;
  /** Behind "expected gpg to sign, got ". */
  readonly got: string;
  readonly hint: string;
}

const cancelled: Failure = {
  code: 'pinentry-cancelled',
  got: 'a cancelled passphrase prompt',
  hint: 'nothing was sent',
};
const wrong: Failure = {
  code: 'passphrase-wrong',
  got: 'a wrong passphrase or PIN',
  hint: 'try again; gpg-agent forgets a wrong passphrase with: gpgconf --reload gpg-agent',
};
const card: Failure = {
  code: 'card-missing',
  got: 'no smart card with this key',
  hint: 'insert the card, and see whether gpg --card-status shows it; the program scdaemon must be installed',
};

/** By the error code without its source: the low 16 bits. */
const failures: ReadonlyMap<number, Failure> = new Map([
  [11, wrong],
  [87, wrong],
  [99, cancelled],
  [114, cancelled],
  [198, cancelled],
  [
    62,
    {
      code: 'pinentry-timeout',
      got: 'no passphrase in time',
      hint: 'pinentry-timeout in gpg-agent.conf is how long it waits',
    },
  ],
  [
    77,
    {
      code: 'gpg-agent-missing',
      got: 'no gpg-agent',
      hint: 'start one with: gpgconf --launch gpg-agent; agent-program and no-autostart in gpg.conf keep gpg from starting it',
    },
  ],
  [
    85,
    {
      code: 'pinentry-missing',
      got: 'no program that asks for the passphrase',
      hint: 'install pinentry-curses or the like; pinentry-program in gpg-agent.conf names it; then: gpgconf --reload gpg-agent',
    },
  ],
  // Inappropriate ioctl for device: the number of ENOTTY among the system's errors.
  [
    32_870,
    {
      code: 'pinentry-without-terminal',
      got: 'no terminal to ask for the passphrase on',
      hint: 'run this on a terminal, or set GPG_TTY to one; for scripts: a key file and MIG_KEY_PASSPHRASE_FILE',
    },
  ],
  ...[108, 109, 110, 111, 112, 119].map((code) => [code, card] as const),
  [
    130,
    {
      code: 'card-blocked',
      got: 'a card whose PIN is blocked after too many wrong ones',
      hint: 'unblock it with its reset code or admin PIN: gpg --card-edit, admin, passwd',
    },
  ],
]);

/** `[GNUPG:] FAILURE sign 83886179`, `[GNUPG:] ERROR pkdecrypt_failed 11`. The first is the cause of the others. */
const statusLine = /^\[GNUPG:\] (?:FAILURE|ERROR) \S+ (\d+)/m;

/** Undefined for what only gpg's own words tell. @param action `sign`. */
export function explainFailure(action: string, status: string): CodedError<InvestigatorKeyCode> | undefined {
  const number = statusLine.exec(status)?.[1];
  const failure = number === undefined ? undefined : failures.get(Number(number) & 0xffff);
  if (failure === undefined) return undefined;
  return new CodedError(failure.code, `expected gpg to ${action}, got ${failure.got}`, { hint: failure.hint });
}
