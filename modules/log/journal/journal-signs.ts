/** Holes in the journal, and what looks altered in its files. */
import type { JournalScan } from '../../../native/index.ts';
import { addSpan, emptySpan } from '../count/span.ts';
import type { Signs } from '../signs/signs.ts';

type Sequence = JournalScan['sequences'][number];

function addGaps(signs: Signs, { gaps, missing, isUnknown }: Sequence): void {
  if (isUnknown) return;
  const span = emptySpan();
  for (const { beforeMs, afterMs } of gaps)
    addSpan(span, { count: 0, firstMs: Math.floor(beforeMs), lastMs: Math.floor(afterMs) });
  // One numbering goes over several files.
  signs.add('journal', 'missing', null, { ...span, count: missing });
}

export function addJournalSigns(signs: Signs, { files, sequences }: JournalScan): void {
  for (const sequence of sequences) addGaps(signs, sequence);
  for (const file of files) {
    if (file.kind !== 'read') continue;
    const { path, fromMs, toMs, backwardSteps, damage, unreadableObjects } = file;
    const times = {
      firstMs: fromMs === null ? null : Math.floor(fromMs),
      lastMs: toMs === null ? null : Math.floor(toMs),
    };
    signs.add('journal', 'backwards', path, { ...times, count: backwardSteps });
    signs.add('journal', 'damaged', path, { ...times, count: unreadableObjects + (damage === null ? 0 : 1) });
  }
}
