/** Translates searches for the native engine. */
import type { TextLogBound, TextLogSearch } from '../../../native/index.ts';
import { splitNegation } from '../../kit/pattern.ts';
import type { By } from '../question/by.ts';
import { toPriorityNumber } from '../question/priorities.ts';
import type { SearchPlan } from '../search-plan.ts';
import { toLocalMs } from './host-clock.ts';

function toBound(ms: number | null): TextLogBound | null {
  return ms === null ? null : { ms, localMs: toLocalMs(ms) };
}

function toNativeBy(by: By | undefined): TextLogSearch['by'] {
  if (by === undefined) return { type: 'nothing' };
  if (by.type === 'capture') return { type: 'capture', pattern: by.pattern, name: by.kind };
  return { type: by.name === 'priority' ? 'priority' : 'identifier' };
}

export function toTextSearch({ search, window, by }: SearchPlan): TextLogSearch {
  const patterns = (search.contents ?? []).map(splitNegation);
  const those = (areNegated: boolean): string[] =>
    patterns.filter(({ negated }) => negated === areNegated).map(({ pattern }) => pattern);
  return {
    // Entries without a value to count by do not fit.
    wanted: [...those(false), ...(by?.type === 'capture' ? [by.pattern] : [])],
    unwanted: those(true),
    identifiers: search.identifiers ?? [],
    mostPriority: search.priority === undefined ? null : toPriorityNumber(search.priority),
    since: toBound(window.fromMs),
    until: toBound(window.toMs),
    by: toNativeBy(by),
  };
}
