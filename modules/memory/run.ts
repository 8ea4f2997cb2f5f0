/** The agent's side of the memory module: goes through all processes, looks where it must, collects within limits. */
import { native } from '../../native/index.ts';
import type { OperationResult, Receipt, SkipReason } from '../../protocol/result.ts';
import { type ModuleContext, type ModuleRun, toProtectedCount } from '../contract.ts';
import { toGoDuration } from '../shared/go-text.ts';
import { HitList } from '../shared/hit-list.ts';
import { nativeSource } from '../shared/native-processes.ts';
import { type EntryFailure, isFailure, type ProcessEntry, toEntry } from '../shared/process-entry.ts';
import { ProtectedProcesses } from '../shared/protected-processes.ts';
import { answeringFailures, follow, startMeter, Tally, toCutShort } from '../shared/run.ts';
import { Candidate } from './candidate.ts';
import { Examination, type ExaminerTools } from './examine.ts';
import { OwnProcesses } from './own-processes.ts';
import { type Plan, toPlan } from './plan.ts';
import type { MemoryElement, MemoryParameters, MemoryStatistics } from './spec.ts';

/** One pass over all processes for all searches. */
class Pass {
  readonly hits: HitList<MemoryElement>;
  readonly skipped = new Tally<SkipReason>();
  readonly failures: string[] = [];
  processCount = 0;
  readBytes = 0;
  swappedBytes = 0;
  readonly #plan: Plan;
  readonly #own: OwnProcesses;
  readonly #tools: ExaminerTools;
  readonly #logsFailures: boolean;

  constructor(plan: Plan, own: OwnProcesses, tools: ExaminerTools, resultBytes: number) {
    this.#plan = plan;
    this.#own = own;
    this.#tools = tools;
    this.#logsFailures = plan.searches.some(({ search }) => search.options.logfailures);
    this.hits = new HitList(
      plan.searches.map(({ label, search }) => ({ label, matchLimit: search.options.matchlimit })),
      resultBytes,
    );
  }

  async examine(entry: ProcessEntry | EntryFailure): Promise<void> {
    if (isFailure(entry)) {
      this.#fail(entry.reason, `process ${entry.pid}`);
      return;
    }
    if (this.#own.has(entry) || !this.#tools.protectedProcesses.mayTell(entry)) {
      this.skipped.add('protected');
      return;
    }
    this.processCount += 1;
    const candidates = this.#plan.searches.flatMap((planned, index) =>
      this.hits.takes(index) ? [new Candidate(index, planned)] : [],
    );
    const examination = new Examination(this.#tools, entry, entry.startTicks ?? 0);
    await examination.run(candidates);
    if (examination.isProtected) this.skipped.add('protected');
    this.#count(examination, entry);
    for (const { index, isHit, matched } of candidates)
      if (isHit) this.hits.add(index, { process: this.#describe(entry), search: matched });
  }

  #describe({ pid, name, executable }: ProcessEntry): MemoryElement['process'] {
    const { toText } = this.#tools;
    return { pid, name: toText(name), path: executable.kind === 'file' ? toText(executable.path) : null };
  }

  #count({ failure, findings, hasRemote }: Examination, entry: ProcessEntry): void {
    if (hasRemote) this.skipped.add('remote-file');
    if (failure !== null) this.#fail(failure, `process ${entry.pid} (${this.#tools.toText(entry.name)})`);
    if (findings === null) return;
    this.readBytes += findings.readBytes;
    this.swappedBytes += findings.swappedBytes;
    if (findings.swappedBytes > 0) this.skipped.add('not-resident');
    if (findings.unreadBytes > 0) this.skipped.add('changed-while-read');
  }

  #fail(reason: EntryFailure['reason'], who: string): void {
    if (reason === 'cancelled') return;
    this.skipped.add(reason);
    const line = `${who}: ${reason}`;
    if (this.#logsFailures && this.hits.takeBytes(line)) this.failures.push(line);
  }
}

/** All processes, several at a time; ends early when the result is full or the signal is set. */
async function passOver(
  pass: Pass,
  batches: AsyncIterable<readonly (ProcessEntry | EntryFailure)[]>,
  threads: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const batch of batches) {
    const queue = batch.values();
    const work = async (): Promise<void> => {
      for (const entry of queue) {
        if (signal.aborted || pass.hits.isFull) return;
        await pass.examine(entry);
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    if (pass.hits.isFull) return;
  }
}

function toNotes({ skipped, swappedBytes }: Pass): string[] {
  const hidden = skipped.of('no-permission');
  const swapped = skipped.of('not-resident');
  const changed = skipped.of('changed-while-read');
  const remote = skipped.of('remote-file');
  return [
    ...(hidden === 0
      ? []
      : [`${hidden} processes could not be looked at: the system does not let this user read their memory`]),
    ...(swapped === 0 ? [] : [`${swappedBytes} bytes of ${swapped} processes are swapped out and were not looked at`]),
    ...(remote === 0 ? [] : [`what ${remote} processes have mapped from FUSE or a network was not looked at`]),
    ...(changed === 0 ? [] : [`some memory of ${changed} processes went away while it was read`]),
  ];
}

async function ask(
  parameters: MemoryParameters,
  { signal, limits, protection }: ModuleContext,
): Promise<OperationResult> {
  const meter = startMeter();
  const { openMemoryReader, openProcessReader, compilePattern, escapeBytes } = native();
  const plan = toPlan(parameters.searches, compilePattern);
  const reader = openMemoryReader({ ...plan, cpuPercent: limits.cpuPercent });
  const processes = openProcessReader(limits.cpuPercent);
  const [own] = await follow(processes.read([process.pid]), signal);
  const seenPreloadFiles = new Set<string>();
  const protectedProcesses = new ProtectedProcesses(protection);
  const tools: ExaminerTools = {
    reader,
    protectedProcesses,
    toText: escapeBytes,
    isNewPreloadFile: (identity) => {
      const isNew = !seenPreloadFiles.has(identity);
      seenPreloadFiles.add(identity);
      return isNew;
    },
    signal,
  };
  const ownEntry = own?.kind === 'facts' ? toEntry(own) : undefined;
  const pass = new Pass(plan, new OwnProcesses(ownEntry, process.pid, process.ppid), tools, limits.resultBytes);
  await passOver(pass, nativeSource(processes).entries(signal), limits.threads, signal);
  const { hits, skipped, processCount } = pass;
  skipped.add('match-limit', hits.limitedCount);
  const statistics: MemoryStatistics = {
    processcount: processCount,
    memoryread: pass.readBytes,
    memoryswapped: pass.swappedBytes,
    totalhits: hits.totalHits,
    exectime: toGoDuration(meter.elapsedMs()),
  };
  const ended: Receipt['cutshort'] = hits.isFull ? 'result-size' : hits.limitedCount > 0 ? 'match-limit' : null;
  return {
    success: true,
    foundanything: hits.totalHits > 0,
    elements: hits.toElements(),
    statistics,
    errors: [...hits.notes(), ...toNotes(pass), ...pass.failures],
    receipt: {
      examined: {
        processes: processCount,
        bytes: pass.readBytes,
        ...toProtectedCount(protectedProcesses.taken),
      },
      skipped: skipped.toList(),
      cutshort: toCutShort(signal) ?? ended,
      cost: meter.cost(),
    },
  };
}

export const run: ModuleRun<MemoryParameters> = answeringFailures(ask);
