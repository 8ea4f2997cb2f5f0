/** Counts in systemd's journal: all files are read once, for all searches that ask for it. */
import { basename } from 'node:path';
import { type JournalScan, native } from '../../../native/index.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { awaitTask } from '../../kit/await-task.ts';
import type { Host } from '../../kit/files/host.ts';
import { SourceReport } from '../../kit/files/source-report.ts';
import type { Work } from '../../kit/work.ts';
import type { Span } from '../count/span.ts';
import type { ValueJudge } from '../count/value-judge.ts';
import type { LogElement } from '../element.ts';
import { priorities } from '../question/priorities.ts';
import type { Reaches } from '../reach.ts';
import type { SearchPlan } from '../search-plan.ts';
import { toJournalSearch } from './journal-plan.ts';
import { addJournalSigns } from './journal-signs.ts';

type JournalFile = JournalScan['files'][number];
type JournalCount = JournalScan['searches'][number];
type Failure = Extract<JournalFile, { kind: 'failed' }>['reason'];

const folders = ['/var/log/journal', '/run/log/journal'];

/** Null for what is no gap. A protected file stays closed: of what is in it more than a match would be told. */
const gaps: Readonly<Record<Failure, SkipReason | null>> = {
  vanished: null,
  'no-permission': 'no-permission',
  'read-error': 'read-error',
  'other-file-system': 'other-file-system',
  'special-file': 'special-file',
  protected: 'protected',
  'question-limit': 'protected',
  malformed: 'read-error',
  unsupported: 'unsupported',
};

/** A file of `system@….journal` continues `system.journal`. */
function toLog(path: string): string {
  return `${path.slice(0, path.lastIndexOf('/'))}/${basename(path).replace(/(?:@.*)?\.journal~?$/, '')}`;
}

export class JournalSource {
  readonly #host: Host;
  readonly #work: Work<LogElement>;
  readonly #judge: ValueJudge;
  readonly #reaches: Reaches;

  constructor(host: Host, work: Work<LogElement>, judge: ValueJudge, reaches: Reaches) {
    this.#host = host;
    this.#work = work;
    this.#judge = judge;
    this.#reaches = reaches;
  }

  async read(plans: readonly SearchPlan[]): Promise<void> {
    const { gate, limits, signal, findings } = this.#work;
    const task = native().startJournal({
      paths: folders.map((folder) => this.#host.at(folder)),
      everyEntry: plans.some(({ signs }) => signs !== null),
      searches: plans.map(toJournalSearch),
      cpuPercent: limits.cpuPercent,
      seconds: 0,
      protectedPatterns: gate.protection.rules,
      protectedContents: gate.protection.contents,
      protectedQuestions: 0,
    });
    const scan = await awaitTask(task, signal);
    findings.examine('bytes', scan.bytes);
    if (scan.stopped === 'memory') findings.cutShort('memory');
    const isNamed = plans.some(({ search }) => search.sources?.includes('journal'));
    if (scan.files.length === 0 && isNamed) findings.note('journal: this machine keeps none');
    for (const file of scan.files) this.#report(file);
    for (const [index, plan] of plans.entries()) {
      if (plan.signs === null) this.#count(plan, scan.searches[index]);
      else addJournalSigns(plan.signs, scan);
    }
  }

  #report(file: JournalFile): void {
    const { findings } = this.#work;
    const report = new SourceReport(findings, 'journal');
    if (file.kind === 'failed') {
      const reason = gaps[file.reason];
      // What may not be told of is not named.
      if (reason === 'protected') findings.skip('protected');
      else if (reason !== null) report.unread(file.path, reason);
      return;
    }
    findings.examine('files', 1);
    if (file.kind === 'read') findings.examine('entries', file.entries);
    const isDamaged =
      (file.kind === 'read' && file.damage !== null) || (file.kind !== 'outside' && file.unreadableObjects > 0);
    const { fromMs, toMs } = file;
    const reach = fromMs === null || toMs === null ? undefined : { fromMs, toMs };
    report.read(file.path, file.entries, isDamaged ? 'read-error' : undefined, reach);
    if (reach !== undefined) this.#reaches.add('journal', toLog(file.path), reach);
  }

  #count({ tallies, by }: SearchPlan, count: JournalCount | undefined): void {
    const tally = tallies.get('journal');
    if (tally === undefined || count === undefined) return;
    const toMs = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms));
    tally.addAll({ count: count.matched, firstMs: toMs(count.firstMs), lastMs: toMs(count.lastMs) });
    tally.addBeyond({ count: count.others, firstMs: null, lastMs: null });
    if (by === undefined) return;
    for (const { value, count: entries, firstMs, lastMs } of count.groups) {
      const text = Buffer.from(value).toString('latin1');
      const named = by.type === 'field' && by.name === 'priority' ? (priorities[Number(text)] ?? text) : text;
      const span: Span = { count: entries, firstMs: toMs(firstMs), lastMs: toMs(lastMs) };
      tally.addValue(this.#judge.judge(by.kind, named), span);
    }
  }
}
