/** Errors of files that are no databases, or damaged ones. */
import { CodedError } from '../../../protocol/base/coded-error.ts';

export function malformed(expected: string, got: unknown): CodedError<'database-malformed'> {
  return new CodedError('database-malformed', `expected ${expected}, got ${String(got)}`);
}

export function isMalformed(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'database-malformed';
}
