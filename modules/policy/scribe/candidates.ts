/** What an object of a scribe document finds: candidates for its tests. */
import type { Doubt, InnerElement } from '../../kit/inner/inner-question.ts';

export interface Candidate {
  /** A path, or the name of a package. */
  readonly identifier: string;
  /** Never leaves the host. */
  readonly value: string;
  /** Of a package, which has an order of versions of its own. */
  readonly element?: InnerElement;
}

/** Why there may be more candidates; `chain-outside`: a chain leads out of the folder of its first object. */
export type CandidateDoubt = Doubt | 'chain-outside' | 'too-many';

export interface Candidates {
  readonly list: readonly Candidate[];
  readonly doubts: ReadonlySet<CandidateDoubt>;
  /** The object is about another kind of machine. */
  readonly isInapplicable?: true;
  /** Null unless the search failed. */
  readonly failure: string | null;
}

export const noCandidates: Candidates = { list: [], doubts: new Set(), failure: null };

export function joinCandidates(all: readonly Candidates[]): Candidates {
  return {
    list: all.flatMap(({ list }) => list),
    doubts: new Set(all.flatMap(({ doubts }) => [...doubts])),
    failure: all.map(({ failure }) => failure).find((failure) => failure !== null) ?? null,
  };
}
