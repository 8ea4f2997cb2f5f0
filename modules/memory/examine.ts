/** Examines one process for all searches: cheap facts first, its memory only while an answer depends on it. */
import type { Mappings, MemoryFindings, MemoryReader, NativeFailure, NativeTask } from '../../native/index.ts';
import { awaitTask } from '../kit/await-task.ts';
import type { Gate, ReadAccess } from '../kit/gate.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import { toSubject } from '../kit/processes/process-subject.ts';
import type { Candidate } from './candidate.ts';
import { matchLibraries, matchNames } from './plan.ts';
import {
  findAlteredSigns,
  findFalseKernelThread,
  findMappingSigns,
  findPreloadSigns,
  type Sign,
  type SignName,
} from './signs.ts';

export interface ExaminerTools {
  readonly reader: MemoryReader;
  readonly gate: Gate;
  readonly toText: (bytes: Uint8Array) => string;
  /** Whether this ld.so.preload is new among the processes so far. */
  readonly isNewPreloadFile: (identity: string) => boolean;
  readonly signal: AbortSignal;
}

/** Signs that the list of mappings shows. */
const mappingSigns: readonly SignName[] = ['anonymous-code', 'jit-code', 'deleted-code', 'replaced-code'];

export class Examination {
  /** The unreadable part of the process, if any. */
  failure: NativeFailure['reason'] | null = null;
  findings: MemoryFindings | null = null;
  /** Why a search could not read its memory, once for each reason. */
  readonly refusals = new Set<'protected' | 'question-limit'>();
  /** Mappings of a file system that might never answer were not read. */
  hasRemote = false;
  /** More than is read could show a match: mappings, changed pages, an environment. */
  isCut = false;
  #mappings: Mappings | null = null;
  readonly #tools: ExaminerTools;
  readonly #entry: ProcessEntry;
  readonly #startTicks: number;

  constructor(tools: ExaminerTools, entry: ProcessEntry, startTicks: number) {
    this.#tools = tools;
    this.#entry = entry;
    this.#startTicks = startTicks;
  }

  async run(candidates: readonly Candidate[]): Promise<void> {
    for (const candidate of candidates) candidate.take('names', matchNames(candidate.planned, this.#entry));
    // A kernel thread has no memory of its own.
    if (this.#entry.isKernelThread) {
      for (const candidate of candidates)
        for (const list of ['libraries', 'signs', 'bytes', 'contents'] as const) candidate.take(list, []);
      return;
    }
    await this.#matchMappings(candidates);
    await this.#matchMemory(candidates);
  }

  async #read<Result extends { readonly kind: string }>(
    call: (pid: number, startTicks: number) => NativeTask<Result | NativeFailure>,
  ): Promise<Result | null> {
    const result = await awaitTask(call(this.#entry.pid, this.#startTicks), this.#tools.signal);
    if (!isFailure(result)) return result;
    this.failure ??= result.reason;
    return null;
  }

  async #readMappings(): Promise<Mappings | null> {
    this.#mappings ??= await this.#read(this.#tools.reader.mappings);
    if (this.#mappings?.isCut === true) this.isCut = true;
    return this.#mappings;
  }

  /** The mapped files are visible in the process's memory. */
  async #requestRead(questions: number): Promise<ReadAccess> {
    const { gate } = this.#tools;
    if (!gate.hasRules) return 'open';
    const files = (await this.#readMappings())?.files ?? [];
    return gate.requestRead(
      toSubject(
        this.#entry,
        files.map(({ path }) => path),
      ),
      questions,
    );
  }

  async #matchMappings(candidates: readonly Candidate[]): Promise<void> {
    const { toText } = this.#tools;
    const signNames = new Set(
      candidates.flatMap((candidate) => (candidate.asksFor('signs') ? (candidate.planned.search.signs ?? []) : [])),
    );
    const needsMappings =
      candidates.some((candidate) => candidate.asksFor('libraries')) ||
      mappingSigns.some((name) => signNames.has(name));
    const mappings = needsMappings ? await this.#readMappings() : null;
    for (const candidate of candidates)
      candidate.take('libraries', matchLibraries(candidate.planned, mappings?.files ?? [], toText));
    const signs = signNames.size > 0 ? await this.#findSigns(signNames, mappings) : [];
    for (const candidate of candidates) {
      const wanted = candidate.planned.search.signs ?? [];
      const found = signs.filter(({ name }) => wanted.includes(name));
      candidate.take(
        'signs',
        found.map(({ name, detail }) => ({ value: name, detail })),
      );
    }
  }

  async #findSigns(names: ReadonlySet<SignName>, mappings: Mappings | null): Promise<Sign[]> {
    const { reader, toText, isNewPreloadFile } = this.#tools;
    const altered = names.has('altered-code') ? await this.#read(reader.alteredText) : null;
    if (altered !== null && altered.remoteMappings > 0) this.hasRemote = true;
    const preloads = names.has('preload') ? await this.#read(reader.preloads) : null;
    if (altered?.isCut === true || preloads?.isCut === true) this.isCut = true;
    return [
      ...(mappings === null ? [] : findMappingSigns(mappings, toText)),
      ...(altered === null ? [] : findAlteredSigns(altered, toText)),
      ...(preloads === null ? [] : findPreloadSigns(preloads, isNewPreloadFile, toText)),
      ...findFalseKernelThread(this.#entry, toText),
    ];
  }

  /** The needles of the searches that may read; the others end here. Each search pays for its own questions. */
  async #permitNeedles(candidates: readonly Candidate[]): Promise<{ needles: number[]; isWithheld: boolean }> {
    const needles: number[] = [];
    let isWithheld = false;
    for (const candidate of candidates) {
      const wanted = candidate.planned.needles.filter(({ list }) => candidate.asksFor(list)).map(({ index }) => index);
      if (wanted.length === 0) continue;
      const access = await this.#requestRead(wanted.length);
      if (access === 'protected' || access === 'question-limit') {
        this.refusals.add(access);
        for (const list of ['bytes', 'contents'] as const) candidate.take(list, []);
        continue;
      }
      if (access === 'counted') isWithheld = true;
      needles.push(...wanted);
    }
    return { needles, isWithheld };
  }

  async #matchMemory(candidates: readonly Candidate[]): Promise<void> {
    const { needles, isWithheld } = await this.#permitNeedles(candidates);
    if (needles.length === 0) return;
    const { reader, signal } = this.#tools;
    const findings = await awaitTask(reader.search(this.#entry.pid, this.#startTicks, needles), signal);
    // The amount read and the place of a match tell more than its existence.
    this.findings = isWithheld ? { ...findings, readBytes: 0, swappedBytes: 0 } : findings;
    if (findings.remoteBytes > 0) this.hasRemote = true;
    if (findings.isCut) this.isCut = true;
    if (findings.failure !== null) this.failure ??= findings.failure.reason;
    const mappingOf = new Map(findings.hits.map(({ needle, mapping }) => [needle, mapping]));
    for (const candidate of candidates) {
      for (const list of ['bytes', 'contents'] as const) {
        const matches = candidate.planned.needles.flatMap((needle) => {
          const mapping = mappingOf.get(needle.index);
          if (needle.list !== list || mapping === undefined) return [];
          return [isWithheld ? { value: needle.value } : { value: needle.value, mapping }];
        });
        candidate.take(list, matches);
      }
    }
  }
}

function isFailure(result: { readonly kind: string }): result is NativeFailure {
  return result.kind === 'failed';
}
