/** A parsed file that is asked for values. */
import { CodedError } from '../../../../protocol/base/coded-error.ts';
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Step } from './path-expression.ts';

export interface DocumentValue {
  /** The items of a list, the names of a table. */
  readonly value: string | readonly string[];
  /** The first is 1. */
  readonly line?: number;
}

export interface SettingDocument {
  /** How many entries the receipt says. */
  readonly entries: number;
  /** Undefined when it is not there. @throws CodedError<UnreadableCode> */
  find(steps: readonly Step[]): DocumentValue | undefined;
}

/** Reasons of a receipt. */
export type UnreadableCode = Extract<SkipReason, 'read-error' | 'too-deep' | 'size-limit' | 'undecided'>;

const codes: readonly UnreadableCode[] = ['read-error', 'too-deep', 'size-limit', 'undecided'];

/** For a file, or a place in it, that cannot be read. */
export function unreadable(code: UnreadableCode, expected: string): CodedError<UnreadableCode> {
  return new CodedError(code, `expected ${expected}`);
}

/** Undefined for any other error. */
export function toUnreadable(error: unknown): UnreadableCode | undefined {
  return error instanceof CodedError ? codes.find((code) => code === error.code) : undefined;
}
