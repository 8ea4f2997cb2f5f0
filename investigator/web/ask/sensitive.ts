/** Questions that a page alone must not ask: those about content of files, and those that read memory of processes. */
import type { Field, Fields } from '../../../modules/kit/field.ts';
import type { Module } from '../../../modules/kit/module.ts';
import { isValues, toQuestionParts, type Values } from '../../../modules/kit/question-parts.ts';
import type { Operation } from '../../../protocol/action/action.ts';
import { listQuestions, type ParsedQuestion } from '../../ask/check-question.ts';

/** Whether a value asks anything: lists and switches have defaults that do not. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function asksContent(fields: Fields, values: Values): boolean {
  return Object.entries(fields).some(
    ([name, { discloses }]: readonly [string, Field]) => discloses === 'content' && isGiven(values[name]),
  );
}

function isAboutContent({ module, parameters }: ParsedQuestion): boolean {
  if (!isValues(parameters)) return true;
  const { question, options } = module.fields;
  return (
    asksContent(question, parameters) ||
    toQuestionParts(module, parameters).some(
      ({ fields, values }) =>
        asksContent(fields, values) || (isValues(values.options) && asksContent(options, values.options)),
    )
  );
}

/** As the module declares: its process keeps the right to read what other processes have mapped. */
function isAboutMemory({ module, parameters }: ParsedQuestion): boolean {
  return module.needsOf(parameters).includes('mapped-files');
}

/** `memory`, `content`, or `unknown` for questions that this `mig` cannot read; undefined for all others. */
export type Sensitive = 'memory' | 'content' | 'unknown';

/** @returns why the person at the terminal must confirm; questions within others count as well. */
export function findSensitive(
  operations: readonly Operation[],
  modules: ReadonlyMap<string, Module>,
): Sensitive | undefined {
  const questions = listQuestions(operations, modules);
  if (questions === undefined) return 'unknown';
  if (questions.some(isAboutMemory)) return 'memory';
  return questions.some(isAboutContent) ? 'content' : undefined;
}
