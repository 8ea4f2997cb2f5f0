/** Asks the real module about this machine, for its tests. */
import * as z from 'zod';
import { emptyReceipt, type OperationResult } from '../../../protocol/result/result.ts';
import { carryOut } from '../carry-out.ts';
import type { Protection } from '../gate.ts';
import type { Module } from '../module.ts';
import type { ModuleLimits, ModuleRun } from '../work.ts';
import { limits } from './limits.ts';

export interface Answer<Element> extends OperationResult {
  readonly elements: Readonly<Record<string, readonly Element[]>>;
  /** Hits of the first search. */
  readonly hits: readonly Element[];
}

/** A question as in an action, without defaults. */
interface Searches<Search> {
  readonly searches: Readonly<Record<string, Search>>;
}

/** Functions that ask one module; they throw when the operation failed. */
export function askerOf<Parameters, Element extends object, Search>(
  module: Module<Parameters, Element, Searches<Search>>,
  run: ModuleRun<Parameters, Element>,
) {
  async function askAll(
    searches: Readonly<Record<string, Search>>,
    signal: AbortSignal = new AbortController().signal,
    changes: Partial<ModuleLimits> = {},
    protection?: Protection,
  ): Promise<Answer<Element>> {
    const context = { signal, limits: { ...limits, ...changes }, ...(protection === undefined ? {} : { protection }) };
    const result = await carryOut(module, run, { searches }, context);
    if (!result.success) throw new Error(result.errors.join('\n'));
    const elements = z.record(z.string(), z.array(module.element)).parse(result.elements);
    return { ...result, elements, hits: Object.values(elements)[0] ?? [] };
  }
  return { askAll, ask: (search: Search): Promise<Answer<Element>> => askAll({ s1: search }) };
}

/** The printed lines of these elements. */
export function linesOf(module: Pick<Module, 'toLines'>, elements: unknown): string[] {
  const result = { success: true, foundanything: true, elements, statistics: {}, errors: [], receipt: emptyReceipt() };
  return [...module.toLines(result)];
}
