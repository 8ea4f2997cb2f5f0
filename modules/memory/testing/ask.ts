/** Asks the real module about real processes, for its tests. */
import type * as z from 'zod';
import { askerOf } from '../../kit/testing/ask.ts';
import { type MemoryElement, module } from '../module.ts';
import { run } from '../run.ts';

/** A search as in an action, without defaults. */
export type SearchInput = z.input<typeof module.parameters>['searches'][string];

export const { ask, askAll } = askerOf(module, run);

export function toPids(hits: readonly MemoryElement[]): number[] {
  return hits.map(({ process }) => process.pid);
}
