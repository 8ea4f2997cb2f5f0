/** Check 4.7: each operation names a module of this agent, and its parameters pass the module's schema. */
import * as z from 'zod';
import type { InnerQuestion } from '../../../modules/kit/inner/inner-question.ts';
import { parseInnerQuestion } from '../../../modules/kit/inner/parse-inner-question.ts';
import type { Module } from '../../../modules/kit/module.ts';
import { findLoader, type ModuleTable } from '../../../modules/registry.ts';
import type { Action, Operation } from '../../../protocol/action/action.ts';
import { lesserDisclosure } from '../../../protocol/environment/disclosure.ts';
import { privateDisclosure } from '../privacy.ts';
import { RefusalError } from '../refusal.ts';
import type { CheckedOperation, CheckedQuestion } from '../verdict.ts';

/** The question as it is carried out where names may not leave the host. */
function toPrivate(declared: Module, { module, parameters, disclosure }: CheckedQuestion): CheckedQuestion {
  return {
    module,
    parameters: declared.limitDisclosure(parameters, privateDisclosure),
    disclosure: lesserDisclosure(disclosure, privateDisclosure),
  };
}

async function loadDeclaration(modules: ModuleTable, module: string): Promise<Module> {
  const known = findLoader(modules, module);
  if (known === undefined) throw new RefusalError('unknown-module', `the module '${module}'`);
  return known.loadModule();
}

function toChecked(declared: Module, parsed: z.ZodSafeParseResult<unknown>, place: string): CheckedQuestion {
  if (!parsed.success) throw new RefusalError('bad-parameters', `${place}: ${z.prettifyError(parsed.error)}`);
  return { module: declared.name, parameters: parsed.data, disclosure: declared.disclosureClass(parsed.data) };
}

/** What an operation asks other modules, which ask no further ones. */
async function parseInner(modules: ModuleTable, asking: string, inner: InnerQuestion): Promise<CheckedQuestion> {
  const declared = await loadDeclaration(modules, inner.module);
  const place = `${asking}: ${inner.label}: ${inner.module}`;
  const question = toChecked(declared, parseInnerQuestion(declared, inner), place);
  if (declared.asks(question.parameters).length > 0)
    throw new RefusalError('bad-parameters', `${place}: expected a module that asks no others`);
  return question;
}

async function parseOperation(
  modules: ModuleTable,
  { module, parameters }: Operation,
  extraPrivacy: boolean,
): Promise<CheckedOperation> {
  const declared = await loadDeclaration(modules, module);
  const asked = toChecked(declared, declared.parameters.safeParse(parameters), module);
  const question = extraPrivacy ? toPrivate(declared, asked) : asked;
  const inner: CheckedQuestion[] = [];
  for (const one of declared.asks(question.parameters)) inner.push(await parseInner(modules, question.module, one));
  return { ...question, inner };
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
