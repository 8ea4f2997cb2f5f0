/** Hits by label, within the size that the result may have. */
import type { ScanHit } from '../../native/index.ts';
import type { AnswerClass } from '../../protocol/protection.ts';
import type { SearchPlan } from './plan.ts';
import type { FileElement, FileElements } from './spec.ts';
import { toGoTime } from './values.ts';

export interface LabelledPlan extends SearchPlan {
  readonly label: string;
}

/** Labels, statistics, errors and the receipt need room, too. */
const shareOfHits = 0.9;

function toFileInfo(hit: ScanHit): FileElement['fileinfo'] {
  return {
    lastmodified: toGoTime(hit.mtimeSeconds, hit.mtimeNanoseconds),
    mode: hit.mode,
    size: hit.sizeBytes,
    ...(hit.sha256 === undefined ? {} : { sha256: hit.sha256 }),
  };
}

export class Collector {
  readonly #plans: readonly LabelledPlan[];
  readonly #answer: AnswerClass;
  readonly #elements: FileElement[][];
  #totalHits = 0;
  #leftBytes: number;

  constructor(plans: readonly LabelledPlan[], answer: AnswerClass, resultBytes: number) {
    this.#plans = plans;
    this.#answer = answer;
    this.#elements = plans.map(() => []);
    this.#leftBytes = Math.floor(resultBytes * shareOfHits);
  }

  /** False when there was no room for the hit, nor is there for any after it. */
  add(hit: ScanHit): boolean {
    const plan = this.#plans[hit.search];
    if (this.isFull || plan === undefined) return false;
    this.#totalHits += 1;
    if (this.#answer === 'yesno' || this.#answer === 'count') return true;
    const element: FileElement = {
      file: hit.path,
      search: plan.describe(hit),
      ...(this.#answer === 'metadata' ? { fileinfo: toFileInfo(hit) } : {}),
    };
    this.#leftBytes -= Buffer.byteLength(JSON.stringify(element)) + 1;
    if (this.isFull) {
      this.#totalHits -= 1;
      return false;
    }
    this.#elements[hit.search]?.push(element);
    return true;
  }

  get isFull(): boolean {
    return this.#leftBytes < 0;
  }

  get totalHits(): number {
    return this.#totalHits;
  }

  toElements(): FileElements {
    return Object.fromEntries(this.#plans.map(({ label }, index) => [label, this.#elements[index] ?? []]));
  }
}
