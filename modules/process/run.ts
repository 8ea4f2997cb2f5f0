/** The agent's side of the process module: lists processes and runs the cheap tests first. */

import { type DigestAlgorithm, type NativeAddon, native, type ProcessReader } from '../../native/index.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { plural } from '../../protocol/base/plural.ts';
import { awaitTask } from '../kit/await-task.ts';
import type { Permit } from '../kit/gate.ts';
import { nativeSource } from '../kit/processes/native-processes.ts';
import { findOwnProcesses, type OwnProcesses } from '../kit/processes/own-processes.ts';
import { isFailure, type ProcessEntry, type ProcessSource } from '../kit/processes/process-entry.ts';
import { toSubject } from '../kit/processes/process-subject.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { elementMaker } from './element.ts';
import { ExecutableDigests, noDigests } from './executable-digests.ts';
import { hasDigest, neededDigests, toCheapTest } from './filter.ts';
import type { ProcessElement, ProcessParameters, Search } from './module.ts';
import { psSource } from './ps-source.ts';

interface PlannedSearch {
  readonly label: string;
  readonly search: Search;
  readonly needsDigests: boolean;
  readonly test: ReturnType<typeof toCheapTest>;
}

function toPlan(parameters: ProcessParameters, { compilePattern }: NativeAddon): PlannedSearch[] {
  const nowSeconds = Date.now() / 1000;
  return Object.entries(parameters.searches).map(([label, search]) => ({
    label,
    search,
    needsDigests: neededDigests(search).length > 0,
    test: toCheapTest(search, compilePattern, nowSeconds),
  }));
}

/** One enumeration for all searches. */
class Enumeration {
  readonly listed: ProcessElement[] = [];
  readonly #plan: readonly PlannedSearch[];
  readonly #own: OwnProcesses;
  readonly #digests: ExecutableDigests;
  readonly #toElement: ReturnType<typeof elementMaker>;
  readonly #work: Work<ProcessElement>;

  constructor(
    plan: readonly PlannedSearch[],
    own: OwnProcesses,
    digests: ExecutableDigests,
    addon: NativeAddon,
    work: Work<ProcessElement>,
  ) {
    this.#plan = plan;
    this.#own = own;
    this.#digests = digests;
    this.#work = work;
    this.#toElement = elementMaker(addon.escapeBytes);
  }

  async examine(source: ProcessSource): Promise<void> {
    const { signal, findings, gate } = this.#work;
    for await (const batch of source.entries(signal)) {
      for (const entry of batch) {
        if (signal.aborted || findings.isFull) return;
        if (isFailure(entry)) {
          // What has ended is not there: that is an answer, no gap.
          if (entry.reason !== 'cancelled' && entry.reason !== 'vanished') findings.skip(entry.reason);
          continue;
        }
        if (this.#own.roleOf(entry) === 'asker') continue;
        findings.examine('processes', 1);
        findings.count('processcount', 1);
        // Judged before any filter: counts must not depend on the question.
        const permit = gate.permitResolved(toSubject(entry));
        if (permit === null) findings.skip('protected');
        else await this.#examineOne(entry, permit);
      }
    }
  }

  async #examineOne(entry: ProcessEntry, permit: Permit): Promise<void> {
    const { findings, gate, signal } = this.#work;
    // The agent withholds its executable from everybody: that is no gap.
    const isOwn = this.#own.roleOf(entry) !== undefined;
    let isHidden = false;
    let isCut = false;
    for (const { label, search, needsDigests, test } of this.#plan) {
      const verdict = test(entry);
      if (verdict === 'hidden') isHidden = true;
      if (verdict === 'cut') isCut = true;
      if (verdict !== 'yes' || !findings.accepts(label)) continue;
      const access = needsDigests ? gate.requestRead(toSubject(entry), search.sha2?.length ?? 0) : 'open';
      const isRefused = access === 'protected' || access === 'question-limit';
      // A protected executable gets no digest in the answer; an unreadable one is not even compared.
      const isOpen = access === 'open';
      if (!isOwn && isRefused) findings.skip(access);
      else if (!isOwn && !isOpen && search.options.returnsha256) findings.skip('protected');
      if (isRefused && search.sha2 !== undefined) continue;
      const isRead = needsDigests && (isOpen || search.sha2 !== undefined);
      const read = isRead ? await this.#digests.of(entry, signal) : noDigests;
      if (read === 'gone') return;
      const mayHaveDigest = entry.executable.kind !== 'none';
      if (read === 'unreadable' && search.sha2 !== undefined && mayHaveDigest) isHidden = true;
      const digests = read === 'unreadable' ? noDigests : read;
      if (!hasDigest(search, digests)) continue;
      const sha256 = search.options.returnsha256 && isOpen ? digests.get('sha256') : undefined;
      const element = this.#toElement(entry, sha256);
      if (findings.hit(permit, element, label)) this.listed.push(element);
    }
    if (this.#digests.isRemote(entry)) findings.skip('remote-file');
    else if (isHidden) findings.skip('no-permission');
    else if (isCut) findings.skip('undecided');
  }
}

/** Adds the listening ports of the hits. */
async function addPorts(
  elements: readonly ProcessElement[],
  reader: ProcessReader,
  { signal, findings }: Work<ProcessElement>,
): Promise<void> {
  if (elements.length === 0 || signal.aborted) return;
  const pids = [...new Set(elements.map(({ pid }) => pid))];
  const { processes, errors } = await awaitTask(reader.listeningPorts(pids), signal);
  const byPid = new Map(processes.map(({ pid, ports }) => [pid, ports]));
  for (const element of elements) {
    const listening = byPid.get(element.pid) ?? [];
    if (listening.length > 0) findings.amend(element, { listening: [...listening] });
  }
  for (const error of errors) findings.note(error);
}

/** The native reader; undefined when the system does not let it list processes, as without /proc. */
function findReader({ openProcessReader }: NativeAddon, cpuPercent: number): ProcessReader | undefined {
  const reader = openProcessReader(cpuPercent);
  try {
    reader.list();
    return reader;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'proc-unreadable') return undefined;
    throw error;
  }
}

export const run: ModuleRun<ProcessParameters, ProcessElement> = async (parameters, work) => {
  const { limits, findings } = work;
  const addon = native();
  const reader = findReader(addon, limits.cpuPercent);
  const source = reader === undefined ? psSource() : nativeSource(reader);
  const plan = toPlan(parameters, addon);
  const algorithms: DigestAlgorithm[] = [...new Set(plan.flatMap(({ search }) => neededDigests(search)))];
  const own = await findOwnProcesses(reader, work.gate.isOwnMachine, work.signal);
  const enumeration = new Enumeration(plan, own, new ExecutableDigests(reader, algorithms), addon, work);
  await enumeration.examine(source);
  for (const note of source.notes) findings.note(note);
  const hidden = findings.skippedFor('no-permission');
  if (hidden > 0)
    findings.note(
      `${plural(hidden, 'process', 'processes')} could not be tested: the system does not show this user what they run`,
    );
  const cut = findings.skippedFor('undecided');
  if (cut > 0)
    findings.note(
      `${plural(cut, 'command line', 'command lines')} could not be judged by the first 64 KiB, and no more is read`,
    );
  if (reader !== undefined) await addPorts(enumeration.listed, reader, work);
};
