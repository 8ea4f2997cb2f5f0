/** `-limit`, for the commands that list what the relay keeps. */
import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { usageError } from '../cli/flags.ts';

const defaultLimit = 50;
/** Entries that the relay gives in one page. */
export const maximumLimit = 1000;

export const limitFlag: Flag = {
  name: 'limit',
  kind: 'number',
  value: 'n',
  help: `How many to list, the newest first; ${defaultLimit} unless given.`,
};

/** @throws CodedError usage */
export function readLimit(values: FlagValues): number {
  const limit = values.limit ?? defaultLimit;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > maximumLimit)
    throw usageError(`expected a whole number from 1 to ${maximumLimit} after -limit, got ${String(limit)}`);
  return limit;
}
