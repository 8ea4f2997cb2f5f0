/** Many small files of one folder, read in batches: one file at a time takes ten times as long. */
import { native, type SmallFiles } from '../../../../native/index.ts';
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Gate } from '../../gate.ts';
import { Breather } from '../../listing/breather.ts';

/** One batch may come from a slow disk, and the run must end soon after it was cancelled. */
const namesAtOnce = 64;
/** The longest known list has 5 MB. */
const mostBytes = 16 * 1024 * 1024;

export interface Batch {
  readonly names: readonly string[];
  readonly bytes: Buffer;
  /** Where each file ends in the bytes. */
  readonly ends: Float64Array;
}

export interface SmallFilesWork {
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

/** The file of a batch in which a byte stands. */
export function fileAt({ ends }: Batch, offset: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @returns the reason why there may be more. Files that are not there are left out. */
export async function* readBatches(
  { gate, signal }: SmallFilesWork,
  folder: string,
  names: readonly string[],
): AsyncGenerator<Batch, SkipReason | undefined> {
  let gap: SkipReason | undefined;
  const breather = new Breather();
  for (let start = 0; start < names.length && !signal.aborted; start += namesAtOnce) {
    if (breather.isDue) await breather.breathe();
    const wanted = names.slice(start, start + namesAtOnce).filter((name) => {
      const access = gate.hasRules ? gate.requestRead({ paths: [`${folder}/${name}`] }, 1) : 'open';
      if (access !== 'protected' && access !== 'question-limit') return true;
      gap = access;
      return false;
    });
    const { bytes, ends, failures }: SmallFiles = native().readSmallFiles(folder, wanted, mostBytes);
    for (const { reason } of failures) if (reason !== 'vanished') gap = reason === 'cancelled' ? 'read-error' : reason;
    yield { names: wanted, bytes, ends };
  }
  return gap;
}
