/** Counts in text logs: each file is read once, for all searches that ask for it. */
import { type LineSpan, native, type TextLogFile, type TextLogScan } from '../../../native/index.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { awaitTask } from '../../kit/await-task.ts';
import type { Host } from '../../kit/files/host.ts';
import type { HostFile } from '../../kit/files/host-file.ts';
import type { Work } from '../../kit/work.ts';
import type { Span } from '../count/span.ts';
import type { ValueJudge } from '../count/value-judge.ts';
import type { LogElement } from '../element.ts';
import { isPackedName, stemOf } from '../files/rotated-name.ts';
import { priorities } from '../question/priorities.ts';
import type { Reaches } from '../reach.ts';
import type { SearchPlan } from '../search-plan.ts';
import { FileYears, toLocalMs } from './host-clock.ts';
import { everyLog, groupByLog, LogFiles } from './log-files.ts';
import { toTextSearch } from './text-plan.ts';
import { addTextSigns } from './text-signs.ts';

const kind = 'text';
/** A rotation in the middle of reading gives new names to files, and makes new ones. */
const mostRounds = 3;

/** Why a file was not read to its end; null when it was. */
const gaps: Readonly<Record<TextLogFile['state'], SkipReason | null>> = {
  whole: null,
  binary: null,
  secret: 'protected',
  changed: 'changed-while-read',
  damaged: 'read-error',
  'too-large': 'size-limit',
  'read-error': 'read-error',
  // The receipt says that the work was stopped.
  cancelled: null,
};

interface ReadLog {
  readonly changedMs: number;
  readonly fromMs: number | null;
}

/** The time of the original is in the header of a packed file, also in a copy. @see RFC 1952, 2.3.1 */
function toWrittenMs(file: HostFile): number {
  const head = file.readAt(0, 8);
  const isGzip = head.length === 8 && head.readUInt16BE(0) === 0x1f8b;
  const seconds = isGzip ? head.readUInt32LE(4) : 0;
  return seconds > 0 ? seconds * 1000 : file.changedMs;
}

export class TextSource {
  readonly #host: Host;
  readonly #work: Work<LogElement>;
  readonly #judge: ValueJudge;
  readonly #reaches: Reaches;
  readonly #plans: readonly SearchPlan[];
  readonly #scans = new Map<string, TextLogScan>();
  /** By identity of the file. */
  readonly #read = new Map<string, ReadLog>();

  constructor(host: Host, work: Work<LogElement>, plans: readonly SearchPlan[], judge: ValueJudge, reaches: Reaches) {
    this.#host = host;
    this.#work = work;
    this.#plans = plans;
    this.#judge = judge;
    this.#reaches = reaches;
  }

  async read(): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const readBefore = this.#read.size;
      await this.#readRound(round);
      if (this.#read.size === readBefore || this.#work.signal.aborted) return;
    }
  }

  /** The searches of each file. */
  #findFiles(): ReadonlyMap<string, readonly SearchPlan[]> {
    const files = new LogFiles(this.#host);
    const plansOf = new Map<string, SearchPlan[]>();
    for (const plan of this.#plans)
      for (const pattern of plan.search.paths ?? [everyLog])
        for (const path of files.find(pattern)) {
          const known = plansOf.get(path) ?? [];
          if (!known.includes(plan)) known.push(plan);
          plansOf.set(path, known);
        }
    if (files.isCut) this.#work.findings.skip('size-limit');
    return plansOf;
  }

  async #readRound(round: number): Promise<void> {
    const plansOf = this.#findFiles();
    for (const log of groupByLog(plansOf.keys())) {
      let newerMs: number | null = null;
      for (const path of log) {
        if (this.#work.signal.aborted) return;
        if (round > 0 && this.#isKnown(path)) continue;
        const fromMs = await this.#readFile(path, plansOf.get(path) ?? [], newerMs);
        newerMs = fromMs ?? newerMs;
      }
    }
  }

  /** Whether it was read under another name; packing makes a new file, with the old time. */
  #isKnown(path: string): boolean {
    const found = this.#host.status(kind, path);
    if (found.state !== 'there') return true;
    const { identity, changedMs } = found.status;
    if (this.#read.has(identity)) return true;
    return (
      isPackedName(path) &&
      [...this.#read.values()].some((one) => Math.floor(one.changedMs / 1000) === Math.floor(changedMs / 1000))
    );
  }

  /** When it begins; null when that is unknown. @param newerMs when the newer file of the same log begins. */
  async #readFile(path: string, plans: readonly SearchPlan[], newerMs: number | null): Promise<number | null> {
    const { findings, gate, signal } = this.#work;
    const full = this.#host.at(path);
    if (gate.permitPaths([full]) === null) {
      findings.skip('protected');
      return null;
    }
    const file = this.#host.openUnprotected(path);
    if (file.kind === 'unread') {
      if (file.reason !== 'vanished') this.#host.report(kind, path, 0, file.reason);
      return null;
    }
    try {
      if (this.#read.has(file.identity)) return null;
      const writtenMs = toWrittenMs(file);
      const task = this.#scanFor(plans)(file.descriptor, file.sizeBytes);
      const found = await awaitTask(task, signal);
      const years = new FileYears(found, Math.min(writtenMs, newerMs ?? writtenMs));
      const fromMs = years.toMs(found.first);
      this.#read.set(file.identity, { changedMs: file.changedMs, fromMs });
      if (found.state !== 'binary') this.#take(path, found, plans, years);
      return fromMs;
    } finally {
      file.close();
    }
  }

  #scanFor(plans: readonly SearchPlan[]): TextLogScan {
    const key = plans.map(({ label }) => label).join('\0');
    const known = this.#scans.get(key);
    if (known !== undefined) return known;
    const { cpuPercent } = this.#work.limits;
    const made = native().compileTextLogs?.({
      searches: plans.map(toTextSearch),
      mostValues: plans[0]?.mostValues ?? 0,
      cpuPercent,
    });
    // The module is for Linux alone.
    if (made === undefined) throw new Error('the addon does not read text logs');
    this.#scans.set(key, made);
    return made;
  }

  #take(path: string, found: TextLogFile, plans: readonly SearchPlan[], years: FileYears): void {
    const { findings } = this.#work;
    findings.examine('files', 1);
    findings.examine('bytes', found.bytes);
    findings.examine('lines', found.lines);
    findings.skip('size-limit', found.longLines);
    const [fromMs, toMs] = [years.toMs(found.first), years.toMs(found.last)];
    const reach = fromMs === null || toMs === null ? undefined : { fromMs, toMs };
    this.#host.report(kind, path, found.lines, gaps[found.state] ?? undefined, reach);
    if (reach !== undefined) this.#reaches.add('text', stemOf(path), reach);
    for (const [index, plan] of plans.entries()) {
      if (plan.signs === null) this.#count(path, found, plan, index, years);
      else addTextSigns(plan.signs, this.#host.at(path), found, years);
    }
  }

  #count(path: string, found: TextLogFile, plan: SearchPlan, index: number, years: FileYears): void {
    const [tally, count] = [plan.tallies.get('text'), found.counts[index]];
    if (tally === undefined || count === undefined) return;
    this.#work.findings.skip('undecided', count.undated + count.unranked);
    const { fromMs, toMs } = plan.window;
    const [sinceMs, untilMs] = [fromMs, toMs].map((ms) => (ms === null ? null : toLocalMs(ms)));
    for (const bucket of count.buckets) {
      if (!years.isAsked(bucket, sinceMs ?? null, untilMs ?? null)) continue;
      const toSpan = ({ count: lines, firstMs, lastMs }: LineSpan): Span => ({
        count: lines,
        firstMs: years.toMs({ ...bucket, ms: firstMs }),
        lastMs: years.toMs({ ...bucket, ms: lastMs }),
      });
      tally.add(this.#host.at(path), toSpan(bucket.all));
      for (const { value, ...span } of bucket.values) this.#takeValue(plan, value, toSpan(span));
      tally.addBeyond(toSpan(bucket.beyond));
    }
  }

  #takeValue({ by, tallies }: SearchPlan, value: Buffer, span: Span): void {
    if (by === undefined) return;
    const text = value.toString('latin1');
    const named = by.type === 'field' && by.name === 'priority' ? (priorities[Number(text)] ?? text) : text;
    tallies.get('text')?.addValue(this.#judge.judge(by.kind, named), span);
  }
}
