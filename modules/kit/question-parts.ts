/** The parts of a question whose values have fields: for what looks at values by the declarations of their fields. */
import type { Fields } from './field.ts';
import type { Module } from './module.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface QuestionPart {
  /** Null for a question without searches. */
  readonly search: string | null;
  readonly fields: Fields;
  readonly values: Values;
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Its searches, or itself. @param asked validated. */
export function toQuestionParts({ fields }: Pick<Module, 'fields'>, asked: unknown): QuestionPart[] {
  if (!isValues(asked)) return [];
  if (!isValues(asked.searches)) return [{ search: null, fields: fields.question, values: asked }];
  return Object.entries(asked.searches).flatMap(([search, values]) =>
    isValues(values) ? [{ search, fields: fields.search, values }] : [],
  );
}
