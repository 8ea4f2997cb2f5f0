/** Check 4.7: each operation names a module of this agent, and its parameters pass the module's schema. */
import * as z from 'zod';
import type { Module } from '../../../modules/kit/module.ts';
import { findLoader, type ModuleTable } from '../../../modules/registry.ts';
import type { Action, Operation } from '../../../protocol/action/action.ts';
import { lesserDisclosure } from '../../../protocol/environment/disclosure.ts';
import { privateDisclosure } from '../privacy.ts';
import { RefusalError } from '../refusal.ts';
import type { CheckedOperation } from '../verdict.ts';

/** The operation as it is carried out where names may not leave the host. */
function toPrivate(declared: Module, { module, parameters, disclosure }: CheckedOperation): CheckedOperation {
  return {
    module,
    parameters: declared.limitDisclosure(parameters, privateDisclosure),
    disclosure: lesserDisclosure(disclosure, privateDisclosure),
  };
}

async function parseOperation(
  modules: ModuleTable,
  { module, parameters }: Operation,
  extraPrivacy: boolean,
): Promise<CheckedOperation> {
  const known = findLoader(modules, module);
  if (known === undefined) throw new RefusalError('unknown-module', `the module '${module}'`);
  const declared = await known.loadModule();
  const parsed = declared.parameters.safeParse(parameters);
  if (!parsed.success) throw new RefusalError('bad-parameters', `${module}: ${z.prettifyError(parsed.error)}`);
  const operation = { module, parameters: parsed.data, disclosure: declared.disclosureClass(parsed.data) };
  return extraPrivacy ? toPrivate(declared, operation) : operation;
}

/**
 * The operations in the order of the action.
 * @throws RefusalError unknown-module, bad-parameters
 */
export async function parseOperations(
  modules: ModuleTable,
  { operations }: Pick<Action, 'operations'>,
  extraPrivacy: boolean,
): Promise<CheckedOperation[]> {
  const parsed: CheckedOperation[] = [];
  // One after the other: the refusal is that of the first that is wrong.
  for (const operation of operations) parsed.push(await parseOperation(modules, operation, extraPrivacy));
  return parsed;
}
