/** What looks altered in a text log. */
import type { TextLogFile } from '../../../native/index.ts';
import { addSpan, emptySpan } from '../count/span.ts';
import type { Signs } from '../signs/signs.ts';
import type { FileYears } from './host-clock.ts';

const timeless = { firstMs: null, lastMs: null };

/** @param path as `Host.at` makes it. */
export function addTextSigns(signs: Signs, path: string, found: TextLogFile, years: FileYears): void {
  const back = emptySpan();
  // The number of all is known, the times of the first hundred.
  for (const { from, to } of found.backwards) {
    const [fromMs, toMs] = [years.toMs(from), years.toMs(to)];
    addSpan(back, { count: 0, firstMs: toMs, lastMs: fromMs });
  }
  signs.add('text', 'backwards', path, { ...back, count: found.backwardsCount });
  signs.add('text', 'zeroed', path, { ...timeless, count: found.zeroRuns });
  signs.add('text', 'damaged', path, { ...timeless, count: found.state === 'damaged' ? 1 : 0 });
}
