/** A row of the benchmark: declared as data beside its question, measured and printed elsewhere. */
import type { Receipt } from '../../protocol/result/result.ts';
import type { CorpusName } from './corpus.ts';

/** The question to the module process; `$corpus` in the parameters stands for the folder of the corpus. */
export interface BenchQuestion {
  readonly module: string;
  readonly parameters: unknown;
  /** The answer that makes a run count: a fast wrong answer is worth nothing. */
  readonly hits: number;
}

export interface Peer {
  readonly name: string;
  /** The Debian package that brings its command. */
  readonly debian: string;
  /** `$corpus` stands for the folder of the corpus. */
  readonly command: readonly string[];
}

/** Ours beside the fastest of its peers on the same data. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly name: string;
  readonly corpus: CorpusName;
  readonly ours: BenchQuestion;
  readonly peers: readonly Peer[];
  /** Ours divided by the fastest peer, at most. */
  readonly goal: number;
}

/** What a measurement gets. */
export interface Bench {
  readonly corpus: (name: CorpusName) => string;
  /** Runs a question in a module process of its own. */
  readonly ask: (question: BenchQuestion, corpus: string, limits?: AskLimits) => Promise<AskCost>;
}

export interface AskLimits {
  readonly cpuPercent?: number;
  readonly seconds?: number;
}

export interface Cost {
  /** User and system time of the process and all that it started. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

export interface AskCost extends Cost {
  /** Of the process before it took the question, since its start. */
  readonly start: Cost;
  readonly peakBytes: number;
  readonly receipt: Receipt;
  readonly hits: number;
}

/** A figure of ours beside another figure of ours, or beside a limit. */
export interface Measurement {
  readonly kind: 'measurement';
  readonly name: string;
  readonly corpora: readonly CorpusName[];
  readonly unit: string;
  readonly goal: number;
  /** `peer` is null when ours is compared with the goal itself. */
  readonly measure: (bench: Bench) => Promise<{ readonly ours: number; readonly peer: number | null }>;
}

export type Row = Comparison | Measurement;

/** One line of the answer. */
export interface RowResult {
  readonly name: string;
  readonly ours: number;
  /** Null when ours is compared with the goal, or the peer is absent. */
  readonly peer: number | null;
  readonly unit: string;
  /** Ours divided by the peer, or ours itself without one. Null when it could not be measured. */
  readonly ratio: number | null;
  /** The ratio at most, or a sentence. */
  readonly goal: number | string | null;
  /** Null when it could not be measured. */
  readonly met: boolean | null;
  /** The instruction set of the native engine. */
  readonly isa?: string;
  /** The fastest peer, or the reason why there is none. */
  readonly note?: string;
}

/** What `<name>/<name>.bench.ts` exports: rows that it measures itself. */
export interface OwnBench {
  readonly rows: () => AsyncIterable<RowResult>;
}
