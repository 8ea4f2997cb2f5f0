/** The agent's side of the process module: enumerates, tests the cheap things first, collects within limits. */
import { type DigestAlgorithm, type NativeAddon, native, type ProcessReader } from '../../native/index.ts';
import { CodedError } from '../../protocol/coded-error.ts';
import type { OperationResult, Receipt, SkipReason } from '../../protocol/result.ts';
import { type ModuleContext, type ModuleRun, toProtectedCount } from '../contract.ts';
import { toGoDuration } from '../shared/go-text.ts';
import { HitList } from '../shared/hit-list.ts';
import { nativeSource } from '../shared/native-processes.ts';
import { isFailure, type ProcessEntry, type ProcessSource } from '../shared/process-entry.ts';
import { ProtectedProcesses } from '../shared/protected-processes.ts';
import { answeringFailures, follow, startMeter, Tally, toCutShort } from '../shared/run.ts';
import { elementMaker } from './element.ts';
import { hasDigest, neededDigests, toCheapTest } from './filter.ts';
import { psSource } from './ps-source.ts';
import type { ProcessElement, ProcessParameters, ProcessStatistics, Search } from './spec.ts';

type Digests = ReadonlyMap<DigestAlgorithm, string>;
const noDigests: Digests = new Map();

/** The same for all processes that run one file. */
function identityOf({ pid, executable }: ProcessEntry): string {
  return executable.kind === 'file' ? (executable.identity ?? `pid ${pid}`) : `pid ${pid}`;
}

/** Digests of executables, each file read once however many processes run it; null when it could not be read. */
class ExecutableDigests {
  readonly #reader: ProcessReader | undefined;
  readonly #algorithms: readonly DigestAlgorithm[];
  readonly #known = new Map<string, Digests | null>();
  /** Executables on file systems that might never answer, which were not read. */
  readonly remote = new Set<string>();

  constructor(reader: ProcessReader | undefined, algorithms: readonly DigestAlgorithm[]) {
    this.#reader = reader;
    this.#algorithms = algorithms;
  }

  async of(entry: ProcessEntry, signal: AbortSignal): Promise<Digests | null> {
    const { pid, startTicks, executable } = entry;
    if (executable.kind !== 'file' || startTicks === null || this.#reader === undefined) return null;
    const identity = identityOf(entry);
    const known = this.#known.get(identity);
    if (known !== undefined) return known;
    const outcome = await follow(this.#reader.digest(pid, startTicks, this.#algorithms), signal);
    if (outcome.kind === 'failed') {
      if (outcome.reason === 'remote-file') this.remote.add(identity);
      return null;
    }
    const digests = new Map(this.#algorithms.map((algorithm, index) => [algorithm, outcome.hex[index] ?? '']));
    this.#known.set(identity, digests);
    return digests;
  }
}

interface Work {
  readonly label: string;
  readonly search: Search;
  readonly needsDigests: boolean;
  readonly test: ReturnType<typeof toCheapTest>;
}

function toWork(parameters: ProcessParameters, { compilePattern }: NativeAddon): Work[] {
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
  readonly hits: HitList<ProcessElement>;
  readonly skipped = new Tally<SkipReason>();
  processCount = 0;
  readonly #work: readonly Work[];
  readonly #digests: ExecutableDigests;
  readonly #toElement: ReturnType<typeof elementMaker>;
  readonly #protected: ProtectedProcesses;

  constructor(
    work: readonly Work[],
    digests: ExecutableDigests,
    addon: NativeAddon,
    resultBytes: number,
    protectedProcesses: ProtectedProcesses,
  ) {
    this.#work = work;
    this.#digests = digests;
    this.#protected = protectedProcesses;
    this.#toElement = elementMaker(addon.escapeBytes);
    this.hits = new HitList(
      work.map(({ label, search }) => ({ label, matchLimit: search.options.matchlimit })),
      resultBytes,
    );
  }

  async examine(source: ProcessSource, signal: AbortSignal): Promise<void> {
    for await (const batch of source.entries(signal)) {
      for (const entry of batch) {
        if (signal.aborted || this.hits.isFull) return;
        if (isFailure(entry)) {
          if (entry.reason !== 'cancelled') this.skipped.add(entry.reason);
          continue;
        }
        this.processCount += 1;
        // Before any filter: what is counted must not depend on the question.
        if (!this.#protected.mayTell(entry)) {
          this.skipped.add('protected');
          continue;
        }
        await this.#examineOne(entry, signal);
      }
    }
  }

  async #examineOne(entry: ProcessEntry, signal: AbortSignal): Promise<void> {
    let isUndecided = false;
    for (const [index, { search, needsDigests, test }] of this.#work.entries()) {
      const verdict = test(entry);
      if (verdict === 'unknown') isUndecided = true;
      if (verdict !== 'yes' || !this.hits.takes(index)) continue;
      const look = needsDigests ? this.#protected.look(entry, search.sha2?.length ?? 0) : 'open';
      // Of what is protected no digest is told, and of what may not be read not even whether one fits.
      const isOpen = look === 'open';
      if (!isOpen && (look === 'refused' || search.options.returnsha256)) this.skipped.add('protected');
      if (look === 'refused' && search.sha2 !== undefined) continue;
      const isRead = needsDigests && (isOpen || search.sha2 !== undefined);
      const digests = isRead ? await this.#digests.of(entry, signal) : noDigests;
      const mayHaveDigest = entry.executable.kind !== 'none';
      if (digests === null && search.sha2 !== undefined && mayHaveDigest) isUndecided = true;
      if (!hasDigest(search, digests ?? noDigests)) continue;
      const sha256 = search.options.returnsha256 && isOpen ? digests?.get('sha256') : undefined;
      this.hits.add(index, this.#toElement(entry, sha256));
    }
    const isRemote = this.#digests.remote.has(identityOf(entry));
    if (isRemote) this.skipped.add('remote-file');
    else if (isUndecided) this.skipped.add('no-permission');
  }
}

/** Adds the ports that the hits listen on. */
async function addPorts(
  elements: Readonly<Record<string, ProcessElement[]>>,
  reader: ProcessReader,
  hits: HitList<ProcessElement>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = Object.values(elements).flat();
  if (all.length === 0 || signal.aborted) return [];
  const { processes, errors } = await follow(reader.listeningPorts([...new Set(all.map(({ pid }) => pid))]), signal);
  const byPid = new Map(processes.map(({ pid, ports }) => [pid, ports]));
  for (const element of all) {
    const listening = byPid.get(element.pid) ?? [];
    if (listening.length > 0 && hits.takeBytes(listening)) element.listening = [...listening];
  }
  return errors;
}

function toNotes(skipped: Tally<SkipReason>): string[] {
  const hidden = skipped.of('no-permission');
  return hidden === 0
    ? []
    : [`${hidden} processes could not be judged: the system does not show this user what they run`];
}

/** The native reader; undefined where the system does not let it list processes, as without /proc. */
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

async function ask(
  parameters: ProcessParameters,
  { signal, limits, protection }: ModuleContext,
): Promise<OperationResult> {
  const meter = startMeter();
  const addon = native();
  const reader = findReader(addon, limits.cpuPercent);
  const source = reader === undefined ? psSource() : nativeSource(reader);
  const work = toWork(parameters, addon);
  const algorithms = [...new Set(work.flatMap(({ search }) => neededDigests(search)))];
  const protectedProcesses = new ProtectedProcesses(protection);
  const digests = new ExecutableDigests(reader, algorithms);
  const enumeration = new Enumeration(work, digests, addon, limits.resultBytes, protectedProcesses);
  await enumeration.examine(source, signal);
  const { hits, skipped, processCount } = enumeration;
  const elements = hits.toElements();
  const portErrors = reader === undefined ? [] : await addPorts(elements, reader, hits, signal);
  skipped.add('match-limit', hits.limitedCount);
  const statistics: ProcessStatistics = {
    processcount: processCount,
    totalhits: hits.totalHits,
    exectime: toGoDuration(meter.elapsedMs()),
  };
  const ended: Receipt['cutshort'] = hits.isFull ? 'result-size' : hits.limitedCount > 0 ? 'match-limit' : null;
  return {
    success: true,
    foundanything: hits.totalHits > 0,
    elements,
    statistics,
    errors: [...hits.notes(), ...source.notes, ...toNotes(skipped), ...portErrors],
    receipt: {
      examined: {
        processes: processCount,
        ...toProtectedCount(protectedProcesses.taken),
      },
      skipped: skipped.toList(),
      cutshort: toCutShort(signal) ?? ended,
      cost: meter.cost(),
    },
  };
}

export const run: ModuleRun<ProcessParameters> = answeringFailures(ask);
