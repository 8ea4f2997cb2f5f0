/** The rights that conditions need: none for sources that anybody may read. */
import type { Need } from '../../protocol/environment/need.ts';
import { placeCondition } from './grammar/check-condition.ts';
import { spaces } from './spaces.ts';

function needsOf(text: string): readonly Need[] {
  const placed = placeCondition(text, spaces);
  if (typeof placed === 'string') return [];
  const { isPublic, alsoNeeds = [] } = placed.space;
  return isPublic === true ? alsoNeeds : ['files', ...alsoNeeds];
}

/** @param texts valid conditions. */
export function needsOfConditions(texts: readonly string[]): readonly Need[] {
  return [...new Set(texts.flatMap(needsOf))];
}
