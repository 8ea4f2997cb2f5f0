/** The agent's side of the memory module: goes through all processes and reads memory where needed. */

import { native } from '../../native/index.ts';
import { plural } from '../../protocol/base/plural.ts';
import { nativeSource } from '../kit/processes/native-processes.ts';
import { findOwnProcesses, type OwnProcesses } from '../kit/processes/own-processes.ts';
import { type EntryFailure, isFailure, type ProcessEntry } from '../kit/processes/process-entry.ts';
import { toSubject } from '../kit/processes/process-subject.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { Candidate } from './candidate.ts';
import { Examination, type ExaminerTools } from './examine.ts';
import type { MemoryElement, MemoryParameters } from './module.ts';
import { type Plan, toPlan } from './plan.ts';

/** One pass over all processes for all searches. */
class Pass {
  swappedBytes = 0;
  readonly #plan: Plan;
  readonly #own: OwnProcesses;
  readonly #tools: ExaminerTools;
  readonly #work: Work<MemoryElement>;
  readonly #logsFailures: boolean;

  constructor(plan: Plan, own: OwnProcesses, tools: ExaminerTools, work: Work<MemoryElement>) {
    this.#plan = plan;
    this.#own = own;
    this.#tools = tools;
    this.#work = work;
    this.#logsFailures = plan.searches.some(({ search }) => search.options.logfailures);
  }

  async examine(entry: ProcessEntry | EntryFailure): Promise<void> {
    const { findings, gate } = this.#work;
    if (isFailure(entry)) {
      this.#fail(entry.reason, `process ${entry.pid}`);
      return;
    }
    if (this.#own.roleOf(entry) !== undefined) return;
    const permit = gate.permitResolved(toSubject(entry));
    if (permit === null) {
      findings.skip('protected');
      return;
    }
    findings.examine('processes', 1);
    findings.count('processcount', 1);
    const candidates = this.#plan.searches.flatMap((planned) =>
      findings.accepts(planned.label) ? [new Candidate(planned)] : [],
    );
    const examination = new Examination(this.#tools, entry, entry.startTicks ?? 0);
    await examination.run(candidates);
    for (const reason of examination.refusals) findings.skip(reason);
    if (examination.isCut && !candidates.every(({ isHit }) => isHit)) findings.skip('undecided');
    this.#count(examination, entry);
    for (const { planned, isHit, matched } of candidates)
      if (isHit) findings.hit(permit, { process: this.#describe(entry), search: matched }, planned.label);
  }

  #describe({ pid, name, executable }: ProcessEntry): MemoryElement['process'] {
    const { toText } = this.#tools;
    return { pid, name: toText(name), path: executable.kind === 'file' ? toText(executable.path) : null };
  }

  #count({ failure, findings: found, hasRemote }: Examination, entry: ProcessEntry): void {
    const { findings } = this.#work;
    if (hasRemote) findings.skip('remote-file');
    if (failure !== null) this.#fail(failure, `process ${entry.pid} (${this.#tools.toText(entry.name)})`);
    if (found === null) return;
    findings.examine('bytes', found.readBytes);
    findings.count('memoryread', found.readBytes);
    findings.count('memoryswapped', found.swappedBytes);
    this.swappedBytes += found.swappedBytes;
    if (found.swappedBytes > 0) findings.skip('not-resident');
    if (found.unreadBytes > 0) findings.skip('changed-while-read');
  }

  #fail(reason: EntryFailure['reason'], who: string): void {
    const { findings } = this.#work;
    // What has ended is not there: that is an answer, no gap.
    if (reason === 'cancelled' || reason === 'vanished') return;
    findings.skip(reason);
    if (this.#logsFailures) findings.noteNaming(`${who}: ${reason}`);
  }
}

/** Examines all processes, several at a time; ends early when the result is full or the signal is set. */
async function passOver(
  pass: Pass,
  batches: AsyncIterable<readonly (ProcessEntry | EntryFailure)[]>,
  { limits, signal, findings }: Work<MemoryElement>,
): Promise<void> {
  for await (const batch of batches) {
    const queue = batch.values();
    const examineNext = async (): Promise<void> => {
      for (const entry of queue) {
        if (signal.aborted || findings.isFull) return;
        await pass.examine(entry);
      }
    };
    await Promise.all(Array.from({ length: limits.threads }, examineNext));
    if (findings.isFull) return;
  }
}

function report({ swappedBytes }: Pass, { findings }: Work<MemoryElement>): void {
  const hidden = findings.skippedFor('no-permission');
  const swapped = findings.skippedFor('not-resident');
  const changed = findings.skippedFor('changed-while-read');
  const remote = findings.skippedFor('remote-file');
  const cut = findings.skippedFor('undecided');
  if (hidden > 0)
    findings.note(
      `${plural(hidden, 'process', 'processes')} could not be examined: the system does not let this user read that memory`,
    );
  if (swapped > 0)
    findings.note(
      `${plural(swappedBytes, 'byte', 'bytes')} of ${plural(swapped, 'process', 'processes')} are swapped out and were not read`,
    );
  if (remote > 0)
    findings.note(`mappings of FUSE or network files in ${plural(remote, 'process', 'processes')} were not read`);
  if (cut > 0)
    findings.note(
      `${plural(cut, 'process', 'processes')} could not be judged by what is read: 32 MiB of mappings, 4,096 changed pages of code, 8 MiB of environment`,
    );
  if (changed > 0) findings.note(`some memory of ${plural(changed, 'process', 'processes')} could not be read`);
}

export const run: ModuleRun<MemoryParameters, MemoryElement> = async (parameters, work) => {
  const { signal, limits, gate } = work;
  const { openMemoryReader, openProcessReader, compilePattern, escapeBytes } = native();
  const plan = toPlan(parameters.searches, compilePattern);
  const reader = openMemoryReader({ ...plan, cpuPercent: limits.cpuPercent });
  const processes = openProcessReader(limits.cpuPercent);
  const own = await findOwnProcesses(processes, gate.isOwnMachine, signal);
  const seenPreloadFiles = new Set<string>();
  const tools: ExaminerTools = {
    reader,
    gate,
    toText: escapeBytes,
    isNewPreloadFile: (identity) => {
      const isNew = !seenPreloadFiles.has(identity);
      seenPreloadFiles.add(identity);
      return isNew;
    },
    signal,
  };
  const pass = new Pass(plan, own, tools, work);
  await passOver(pass, nativeSource(processes).entries(signal), work);
  report(pass, work);
};
