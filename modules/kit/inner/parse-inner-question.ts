/** Checks an inner question as one of an action is checked. */
import type * as z from 'zod';
import type { Module } from '../module.ts';
import type { InnerQuestion } from './inner-question.ts';

/** The parameters as an action would have them. */
export function parseInnerQuestion(module: Module, { search, answer }: InnerQuestion): z.ZodSafeParseResult<unknown> {
  const parameters = module.places === 'search' ? { searches: { s1: search } } : search;
  const parsed = module.parameters.safeParse(parameters);
  return parsed.success ? { success: true, data: module.limitDisclosure(parsed.data, answer) } : parsed;
}
