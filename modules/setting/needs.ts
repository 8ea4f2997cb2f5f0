/** The rights that conditions need: none for sources that anybody may read. */
import type { Need } from '../../protocol/environment/need.ts';
import { placeCondition } from './grammar/check-condition.ts';
import { spaces } from './spaces.ts';

function isPublic(text: string): boolean {
  const placed = placeCondition(text, spaces);
  return typeof placed !== 'string' && placed.space.isPublic === true;
}

/** @param texts valid conditions. */
export function needsOfConditions(texts: readonly string[]): readonly Need[] {
  return texts.every(isPublic) ? [] : ['files'];
}
