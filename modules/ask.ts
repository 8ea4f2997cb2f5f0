/** Asks a module on this machine, with the rights of the current user. Loads native code. */

import { CodedError } from '../protocol/base/coded-error.ts';
import type { OperationResult } from '../protocol/result/result.ts';
import { carryOut, type OperationContext } from './kit/carry-out.ts';
import { finderOf, loaders } from './registry.ts';

/** @param parameters not yet validated. @throws CodedError no-module; ZodError */
export async function askModule(
  name: string,
  parameters: unknown,
  context: OperationContext,
): Promise<OperationResult> {
  const findModule = finderOf(loaders);
  const found = await findModule(name);
  if (found === undefined) throw new CodedError('no-module', `expected a module, got ${name}`);
  return carryOut(found.module, found.run, parameters, { ...context, findModule });
}
