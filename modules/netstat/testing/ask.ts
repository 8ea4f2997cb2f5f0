/** Asks the real module about real sockets, for its tests. */
import type * as z from 'zod';
import type { OperationResult } from '../../../protocol/result.ts';
import type { ModuleLimits } from '../../contract.ts';
import { limits } from '../../shared/testing/limits.ts';
import { run } from '../run.ts';
import { type NetstatElement, NetstatElements, NetstatParameters, NetstatStatistics } from '../spec.ts';

export interface Answer extends OperationResult {
  readonly elements: NetstatElements;
  readonly statistics: NetstatStatistics;
}

export async function ask(
  parameters: z.input<typeof NetstatParameters>,
  changes: Partial<ModuleLimits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const result = await run(NetstatParameters.parse(parameters), { signal, limits: { ...limits, ...changes } });
  if (!result.success) throw new Error(result.errors.join('\n'));
  return {
    ...result,
    elements: NetstatElements.parse(result.elements),
    statistics: NetstatStatistics.parse(result.statistics),
  };
}

/** All elements, whatever they matched. */
export async function find(parameters: z.input<typeof NetstatParameters>): Promise<NetstatElement[]> {
  const { elements } = await ask(parameters);
  return Object.values(elements).flatMap((byValue) => Object.values(byValue).flat());
}
