/** Notes on a question before it goes to every machine. */
import { placeCondition } from './grammar/check-condition.ts';
import type { When } from './grammar/verdict.ts';
import { spaces } from './spaces.ts';

/** @param texts valid conditions. */
export function adviseOnWhen(texts: readonly string[], when: When): readonly string[] {
  if (when === 'boot') return [];
  const prefixes = texts.flatMap((text) => {
    const placed = placeCondition(text, spaces);
    return typeof placed !== 'string' && placed.space.isOnlyKnownAtBoot === true ? [placed.space.prefix] : [];
  });
  return [...new Set(prefixes)].map((prefix) => `${prefix}: is only known after a reboot, so write -when boot`);
}
