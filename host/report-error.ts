import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { CheckedOutput } from './standard-output.ts';

/** What went wrong and what to do about it, on standard error, for programs without a console of their own. */
export function reportError(error: unknown): void {
  const hint = error instanceof CodedError && error.hint !== undefined ? `hint: ${error.hint}\n` : '';
  new CheckedOutput(2).write(`error: ${toMessage(error)}\n${hint}`);
}
