/** Advice on a question before every machine is asked. It is printed; nothing is refused. */
import type { Module } from '../../../modules/kit/module.ts';
import { type QuestionPart, toQuestionParts } from '../../../modules/kit/question-parts.ts';
import type { Operation } from '../../../protocol/action/action.ts';
import { findPatternProblem } from './pattern-advice.ts';
import { findSecrets } from './secret-advice.ts';

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function adviseOnPatterns(module: string, { fields, values }: QuestionPart): string[] {
  return Object.entries(fields).flatMap(([name, { advice, kind, discloses }]) => {
    const patterns = toTexts(values[name]);
    const problems = advice === undefined ? [] : patterns.map((pattern) => findPatternProblem(pattern, advice));
    return [
      ...problems.flatMap((problem) => (problem === undefined ? [] : [`${module}: ${problem}`])),
      ...(kind === 'regex' && discloses === 'content' ? findSecrets(patterns) : []),
    ];
  });
}

function adviseOn(module: Module, asked: unknown): string[] {
  const checked = module.parameters.safeParse(asked);
  if (!checked.success) return [];
  const patterns = toQuestionParts(module, checked.data).flatMap((part) => adviseOnPatterns(module.name, part));
  return [...module.advise(checked.data), ...patterns];
}

/** One line each; the same is not said twice. */
export function giveAdvice(operations: readonly Operation[], modules: ReadonlyMap<string, Module>): string[] {
  const notes = operations.flatMap(({ module, parameters }) => {
    const known = modules.get(module);
    return known === undefined ? [] : adviseOn(known, parameters);
  });
  return [...new Set(notes)];
}
