/** Asks the real module about real processes, for its tests. */
import type * as z from 'zod';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { carryOut } from '../../kit/carry-out.ts';
import type { Protection } from '../../kit/gate.ts';
import { limits } from '../../kit/testing/limits.ts';
import type { ModuleLimits } from '../../kit/work.ts';
import { type MemoryElement, module } from '../module.ts';
import { run } from '../run.ts';

/** A search as it is written in an action, before defaults are filled in. */
export type SearchInput = z.input<typeof module.parameters>['searches'][string];

export interface Answer extends OperationResult {
  readonly elements: Readonly<Record<string, readonly MemoryElement[]>>;
  /** Of the first search. */
  readonly hits: readonly MemoryElement[];
}

export async function askAll(
  searches: Readonly<Record<string, SearchInput>>,
  signal: AbortSignal = new AbortController().signal,
  changes: Partial<ModuleLimits> = {},
  protection?: Protection,
): Promise<Answer> {
  const result = await carryOut(
    module,
    run,
    { searches },
    {
      signal,
      limits: { ...limits, ...changes },
      ...(protection === undefined ? {} : { protection }),
    },
  );
  if (!result.success) throw new Error(result.errors.join('\n'));
  const elements = module.elements.parse(result.elements);
  return {
    ...result,
    elements,
    hits: Object.values(elements)[0] ?? [],
  };
}

export async function ask(search: SearchInput): Promise<Answer> {
  return askAll({ s1: search });
}

export function toPids(hits: readonly MemoryElement[]): number[] {
  return hits.map(({ process }) => process.pid);
}
