/** Asks the real module about real sockets, for its tests. */
import type * as z from 'zod';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { carryOut } from '../../kit/carry-out.ts';
import { limits } from '../../kit/testing/limits.ts';
import type { ModuleLimits } from '../../kit/work.ts';
import { module, type NetstatElement } from '../module.ts';
import { run } from '../run.ts';

export interface Answer extends OperationResult {
  readonly elements: Readonly<Record<string, Readonly<Record<string, readonly NetstatElement[]>>>>;
}

export async function ask(
  parameters: z.input<typeof module.parameters>,
  changes: Partial<ModuleLimits> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Answer> {
  const result = await carryOut(module, run, parameters, { signal, limits: { ...limits, ...changes } });
  if (!result.success) throw new Error(result.errors.join('\n'));
  return {
    ...result,
    elements: module.elements.parse(result.elements),
  };
}

/** All elements, whatever they matched. */
export async function find(parameters: z.input<typeof module.parameters>): Promise<NetstatElement[]> {
  const { elements } = await ask(parameters);
  return Object.values(elements).flatMap((byValue) => Object.values(byValue).flat());
}
