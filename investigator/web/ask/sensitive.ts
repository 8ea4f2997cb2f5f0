/** Questions that a page alone must not ask: those about content of files, and those that read memory of processes. */
import type { Field, Fields } from '../../../modules/kit/field.ts';
import type { Module } from '../../../modules/kit/module.ts';
import type { Operation } from '../../../protocol/action/action.ts';
import { listQuestions, type ParsedQuestion } from '../../ask/check-question.ts';

type Values = Readonly<Record<string, unknown>>;

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value asks anything: lists and switches have defaults that do not. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function asksContent(fields: Fields, values: Values): boolean {
  return Object.entries(fields).some(
    ([name, { discloses }]: readonly [string, Field]) => discloses === 'content' && isGiven(values[name]),
  );
}

function isAboutContent({ module: { fields }, parameters }: ParsedQuestion): boolean {
  if (!isValues(parameters)) return true;
  const { searches } = parameters;
  const ofSearches = isValues(searches) ? Object.values(searches).filter(isValues) : [];
  return (
    asksContent(fields.question, parameters) ||
    ofSearches.some(
      (search) =>
        asksContent(fields.search, search) || (isValues(search.options) && asksContent(fields.options, search.options)),
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
