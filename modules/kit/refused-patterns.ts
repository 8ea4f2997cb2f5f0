/**
 * Patterns that RE2 refuses, each by the engine that would use it. `mig` asks before it signs, and agents before they
 * carry out: it is the same test.
 */
import type { NativeAddon } from '../../native/index.ts';
import type { PatternEngine } from './field.ts';
import type { Module } from './module.ts';
import { splitNegation } from './pattern.ts';
import { toQuestionParts } from './question-parts.ts';

export interface RefusedPattern {
  /** Null for a question without searches. */
  readonly search: string | null;
  readonly field: string;
  readonly pattern: string;
  readonly reason: string;
}

type Engines = Pick<NativeAddon, 'refusePattern' | 'refuseLinePattern' | 'refuseMemoryPattern'>;

function toTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function testsOf(
  engines: Engines,
  inMemory: number,
): Readonly<Record<PatternEngine, (pattern: string) => string | null>> {
  return {
    text: engines.refusePattern,
    lines: engines.refuseLinePattern,
    memory: (pattern) => engines.refuseMemoryPattern(pattern, inMemory),
  };
}

/** @param toEngines loads the native code; not called without patterns. @param asked validated. */
export function findRefusedPatterns(
  module: Pick<Module, 'fields'>,
  asked: unknown,
  toEngines: () => Engines,
): RefusedPattern[] {
  const lists = toQuestionParts(module, asked).flatMap(({ search, fields, values }) =>
    Object.entries(fields).map(([field, { kind, engine, patternsIn }]) => ({
      search,
      field,
      kind,
      engine,
      texts: toTexts(values[field]).flatMap((text) => patternsIn?.(text) ?? [text]),
      hasPatterns: kind === 'regex' || patternsIn !== undefined,
    })),
  );
  const inMemory = lists
    .filter(({ kind, engine }) => kind === 'bytes' || engine === 'memory')
    .reduce((sum, { texts }) => sum + texts.length, 0);
  const patterns = lists.filter(({ hasPatterns, texts }) => hasPatterns && texts.length > 0);
  if (patterns.length === 0) return [];
  const tests = testsOf(toEngines(), inMemory);
  return patterns.flatMap(({ search, field, engine = 'text', texts }) =>
    texts.flatMap((pattern) => {
      const reason = tests[engine](splitNegation(pattern).pattern);
      return reason === null ? [] : [{ search, field, pattern, reason }];
    }),
  );
}

/** `names: RE2 refuses "a{2000}": bad repetition operator` */
export function describeRefusedPattern({ field, pattern, reason }: RefusedPattern): string {
  return `${field}: RE2 refuses ${JSON.stringify(pattern)}: ${reason}`;
}
