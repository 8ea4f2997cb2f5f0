/** Gaps of an answer in words: what was not examined, and whether work was cut short. The codes are in json. */
import type { Receipt, SkipReason } from '../../protocol/result/result.ts';
import type { ResultAnswer } from '../answers/answer.ts';

/** The noun of a count, singular and plural. It depends on the module. */
const skipWords: Readonly<Record<SkipReason, readonly [one: string, many: string]>> = {
  'no-permission': ['that the agent has no permission to look at', 'that the agent has no permission to look at'],
  vanished: ['that was not there, or not any more', 'that were not there, or not any more'],
  'changed-while-read': ['that changed while it was read', 'that changed while they were read'],
  'other-file-system': ['other file system', 'other file systems'],
  'special-file': ['special file', 'special files'],
  'link-outside': [
    'link to a folder or file system outside of the search path',
    'links to folders or file systems outside of the search path',
  ],
  'link-loop': ['link that leads in a circle', 'links that lead in a circle'],
  'too-deep': ['folder below the depth asked for', 'folders below the depth asked for'],
  'match-limit': ['search that ended at its match limit', 'searches that ended at their match limit'],
  'size-limit': ['over a size limit', 'over a size limit'],
  protected: ['that is protected from those who asked', 'that are protected from those who asked'],
  'question-limit': [
    'that is protected, with no question about such things left in this hour',
    'that are protected, with no question about such things left in this hour',
  ],
  'not-resident': ['with memory that is swapped out', 'with memory that is swapped out'],
  'remote-file': ['on FUSE or another machine', 'on FUSE or another machine'],
  'read-error': ['that could not be read', 'that could not be read'],
  undecided: [
    'that could not be judged: that system does not tell what was asked for, or it is longer than what is read',
    'that could not be judged: that system does not tell what was asked for, or it is longer than what is read',
  ],
  unsupported: ['that cannot be looked at on that system', 'that cannot be looked at on that system'],
};

const cutWords: Readonly<Record<NonNullable<Receipt['cutshort']>, string>> = {
  time: 'its time was up',
  'match-limit': 'the match limit was reached',
  memory: 'it needed too much memory',
  cancelled: 'it was cancelled',
  'result-size': 'the result was as large as it may be',
};

/** `skipped 2 folders below the depth asked for, 1 that could not be read; cut short: its time was up`; empty when there is nothing to say. */
export function describeGaps(result: ResultAnswer): string {
  const sums = new Map<SkipReason, number>();
  const cuts = new Set<string>();
  for (const { receipt } of result.operations) {
    if (receipt.cutshort !== null) cuts.add(cutWords[receipt.cutshort]);
    for (const { reason, count } of receipt.skipped) if (count > 0) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  // Said by what cut the work short.
  if (cuts.has(cutWords['match-limit'])) sums.delete('match-limit');
  const skipped = [...sums].map(([reason, count]) => `${count} ${skipWords[reason][count === 1 ? 0 : 1]}`).join(', ');
  const parts = [
    skipped === '' ? '' : `skipped ${skipped}`,
    cuts.size === 0 ? '' : `cut short: ${[...cuts].join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
