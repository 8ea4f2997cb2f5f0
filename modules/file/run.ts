/** The agent's side of the file module: plans, lets the native engine walk and read, collects within limits. */
import { performance } from 'node:perf_hooks';
import { native, type ScanJob, type ScanSummary } from '../../native/index.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { AnswerClass } from '../../protocol/protection.ts';
import { emptyReceipt, type OperationResult, type Receipt } from '../../protocol/result.ts';
import { type ModuleContext, type ModuleRun, toProtectedCount } from '../contract.ts';
import { Collector, type LabelledPlan } from './collector.ts';
import { HiddenPaths } from './hidden.ts';
import { expandPaths } from './paths.ts';
import { toSearchPlan } from './plan.ts';
import { answerClassOf, type FileParameters, type FileStatistics, type Search } from './spec.ts';
import { toGoDuration } from './values.ts';

/** 0, no limit, wins: the searches share one walk. */
function maximumErrors(searches: readonly Search[]): number {
  const limits = searches.map(({ options }) => options.maxerrors);
  return limits.includes(0) ? 0 : Math.max(...limits);
}

interface Root {
  readonly searches: Set<number>;
  /** The path in the question that stands for this one. */
  readonly asked: string;
}

async function toRoots(searches: readonly Search[], hidden: HiddenPaths, signal: AbortSignal) {
  const roots = new Map<string, Root>();
  const notes = new Set<string>();
  const refused = new Set<string>();
  for (const [index, search] of searches.entries())
    for (const asked of search.paths) {
      if (hidden.has(asked)) {
        refused.add(asked);
        continue;
      }
      const expanded = await expandPaths([asked], signal);
      for (const note of expanded.notes) notes.add(note);
      for (const path of expanded.paths) {
        if (hidden.has(path)) continue;
        const root = roots.get(path) ?? { searches: new Set(), asked };
        root.searches.add(index);
        roots.set(path, root);
      }
    }
  return { roots, notes: [...notes], refused: [...refused] };
}

/** Messages name files, which an answer without names must not. */
function withoutNames(answer: AnswerClass, errors: readonly string[]): readonly string[] {
  if (answer === 'names' || answer === 'metadata' || errors.length === 0) return errors;
  return [`${errors.length} messages that name files are left out of an answer without names`];
}

const refusal = 'protected here, or asked about too often';

function isTimeout(signal: AbortSignal): boolean {
  return signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
}

function toCutShort(summary: ScanSummary, collector: Collector, signal: AbortSignal): Receipt['cutshort'] {
  if (collector.isFull) return 'result-size';
  if (summary.stopped === 'cancelled') return isTimeout(signal) ? 'time' : 'cancelled';
  if (summary.stopped !== null) return summary.stopped;
  return summary.limitedSearches.length > 0 ? 'match-limit' : null;
}

function toNotes(summary: ScanSummary, plans: readonly LabelledPlan[]): string[] {
  const limited = summary.limitedSearches.flatMap((index) => {
    const plan = plans[index];
    return plan === undefined
      ? []
      : [`search '${plan.label}' ended at its match limit of ${plan.scan.matchLimit}, there may be more`];
  });
  const long =
    summary.longLines === 0
      ? []
      : [`${summary.longLines} files have a line over 4 MiB; a match longer than 64 KiB in it may be missed`];
  return [...limited, ...long];
}

function toReceipt(summary: ScanSummary, cutshort: Receipt['cutshort'], started: Started): Receipt {
  const usage = process.cpuUsage(started.cpu);
  const limited = summary.limitedSearches.length;
  return {
    examined: {
      files: summary.files,
      directories: summary.directories,
      bytes: summary.bytes,
      ...toProtectedCount(summary.protectedQuestions),
    },
    skipped: [...summary.skipped, ...(limited === 0 ? [] : [{ reason: 'match-limit', count: limited } as const])],
    cutshort,
    cost: {
      wallms: performance.now() - started.wallMs,
      cpums: (usage.user + usage.system) / 1000,
      peakbytes: process.resourceUsage().maxRSS * 1024,
    },
  };
}

interface Started {
  readonly wallMs: number;
  readonly cpu: NodeJS.CpuUsage;
}

/** Waits for the scan; an abort ends it early and still gives a summary. */
async function follow(job: ScanJob, signal: AbortSignal): Promise<ScanSummary> {
  const cancel = (): void => job.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await job.done;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function failed(message: string, receipt = emptyReceipt()): OperationResult {
  return { success: false, foundanything: false, elements: {}, statistics: {}, errors: [message], receipt };
}

async function search(
  parameters: FileParameters,
  { signal, limits, protection }: ModuleContext,
): Promise<OperationResult> {
  const started: Started = { wallMs: performance.now(), cpu: process.cpuUsage() };
  const nowSeconds = Date.now() / 1000;
  const searches = Object.values(parameters.searches);
  const plans = Object.entries(parameters.searches).map(
    ([label, one]): LabelledPlan => ({ label, ...toSearchPlan(one, nowSeconds) }),
  );
  const { roots, notes, refused } = await toRoots(searches, new HiddenPaths(protection), signal);
  if (refused.length > 0) {
    const skipped = [{ reason: 'protected', count: refused.length } as const];
    return failed(`${refusal}: ${refused.join(', ')}`, { ...emptyReceipt(), skipped });
  }
  const answer = answerClassOf(parameters);
  const collector = new Collector(plans, answer, limits.resultBytes);
  const job = native().startScan(
    {
      searches: plans.map(({ scan }) => scan),
      roots: [...roots].map(([path, root]) => ({ path, searches: [...root.searches] })),
      threads: limits.threads,
      cpuPercent: limits.cpuPercent,
      seconds: limits.seconds,
      maxErrors: maximumErrors(searches),
      protectedPatterns: protection?.rules ?? [],
      protectedContents: protection?.contents ?? [],
      protectedQuestions: protection?.questions ?? 0,
    },
    (hits) => {
      if (!hits.every((hit) => collector.add(hit))) job.cancel();
    },
  );
  const summary = await follow(job, signal);
  if (summary.refusedRoots.length > 0) {
    // As they were asked for: what a pattern stands for may be a name that is not to be told.
    const asked = new Set(summary.refusedRoots.map((path) => roots.get(path)?.asked ?? 'a path of this question'));
    return failed(`${refusal}: ${[...asked].join(', ')}`, toReceipt(summary, null, started));
  }
  const receipt = toReceipt(summary, toCutShort(summary, collector, signal), started);
  const statistics: FileStatistics = {
    filescount: summary.files,
    directoriescount: summary.directories,
    bytesread: summary.bytes,
    openfailed: summary.openFailed,
    totalhits: answer === 'yesno' ? Math.min(collector.totalHits, 1) : collector.totalHits,
    exectime: toGoDuration(performance.now() - started.wallMs),
  };
  return {
    success: true,
    foundanything: collector.totalHits > 0,
    elements: collector.toElements(),
    statistics,
    errors: [...toNotes(summary, plans), ...notes, ...withoutNames(answer, summary.errors)],
    receipt,
  };
}

export const run: ModuleRun<FileParameters> = async (parameters, context) => {
  try {
    return await search(parameters, context);
  } catch (error) {
    // RE2 has the last word on a pattern: that is an answer, not a defect.
    if (error instanceof CodedError && error.code === 'bad-plan') return failed(error.message);
    throw error;
  }
};
