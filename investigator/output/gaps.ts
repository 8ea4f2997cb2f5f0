/** What an agent could not look at, and whether its work was cut short, in one line. */
import type { SkipReason } from '../../protocol/result.ts';
import type { ResultAnswer } from '../investigation/answer.ts';

/** `skipped 2 no-permission, 1 vanished; cut short by time`; empty when there is nothing to say. */
export function toGaps(result: ResultAnswer): string {
  const sums = new Map<SkipReason, number>();
  const cuts = new Set<string>();
  for (const { receipt } of result.operations) {
    if (receipt.cutshort !== null) cuts.add(receipt.cutshort);
    for (const { reason, count } of receipt.skipped) if (count > 0) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  const skipped = [...sums].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const parts = [
    skipped === '' ? '' : `skipped ${skipped}`,
    cuts.size === 0 ? '' : `cut short by ${[...cuts].join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
