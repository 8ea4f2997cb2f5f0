/** Advice on a question before every machine is asked. It is printed; nothing is refused. */
import type { Fields } from '../../../modules/kit/field.ts';
import type { Module } from '../../../modules/kit/module.ts';
import type { Operation } from '../../../protocol/action/action.ts';
import { findPatternProblem } from './pattern-advice.ts';
import { findSecrets } from './secret-advice.ts';

type Values = Readonly<Record<string, unknown>>;

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function adviseOnPatterns(module: string, fields: Fields, values: Values): string[] {
  return Object.entries(fields).flatMap(([name, { advice, kind, discloses }]) => {
    const patterns = toTexts(values[name]);
    const problems = advice === undefined ? [] : patterns.map((pattern) => findPatternProblem(pattern, advice));
    return [
      ...problems.flatMap((problem) => (problem === undefined ? [] : [`${module}: ${problem}`])),
      ...(kind === 'regex' && discloses === 'content' ? findSecrets(patterns) : []),
    ];
  });
}

function adviseOn({ name, fields, parameters, advise }: Module, asked: unknown): string[] {
  const checked = parameters.safeParse(asked);
  if (!checked.success || !isValues(checked.data)) return [];
  const { searches } = checked.data;
  const patterns = isValues(searches)
    ? Object.values(searches)
        .filter(isValues)
        .flatMap((search) => adviseOnPatterns(name, fields.search, search))
    : adviseOnPatterns(name, fields.question, checked.data);
  return [...advise(checked.data), ...patterns];
}

/** One line each; the same is not said twice. */
export function giveAdvice(operations: readonly Operation[], modules: ReadonlyMap<string, Module>): string[] {
  const notes = operations.flatMap(({ module, parameters }) => {
    const known = modules.get(module);
    return known === undefined ? [] : adviseOn(known, parameters);
  });
  return [...new Set(notes)];
}
