/** Counts what the searches ask for: each source is read once for all of them. */
import { Host } from '../kit/files/host.ts';
import { toLatin1, toText } from '../kit/files/latin1-text.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { addSpan, emptySpan } from './count/span.ts';
import { mostValuesOf } from './count/tally.ts';
import { ValueJudge } from './count/value-judge.ts';
import type { LogElement } from './element.ts';
import { JournalSource } from './journal/journal-source.ts';
import { LocalAccounts } from './local-accounts.ts';
import type { LogParameters } from './module.ts';
import type { LogSource } from './question/sources.ts';
import { Reaches } from './reach.ts';
import { EntrySources } from './records/entry-sources.ts';
import { toSignRow, toSourceRow, toValueRows } from './rows.ts';
import { type SearchPlan, toPlan } from './search-plan.ts';
import { listDeletedLogs } from './signs/deleted-logs.ts';
import { TextSource } from './text/text-source.ts';

function plansOf(plans: readonly SearchPlan[], source: LogSource): SearchPlan[] {
  return plans.filter(({ tallies }) => tallies.has(source));
}

/** The rows of one search, each source behind the other. */
function* toRows({ search, by, signs, tallies, window }: SearchPlan): Generator<LogElement> {
  if (signs !== null) {
    yield* signs.within(window).map(toSignRow);
    return;
  }
  for (const [source, tally] of tallies) {
    if (tally.all.count === 0) continue;
    if (by === undefined) yield toSourceRow(source, tally);
    else yield* toValueRows(source, tally, by.kind, search.options);
  }
}

function tell(plans: readonly SearchPlan[], { findings, gate }: Work<LogElement>): void {
  const sum = emptySpan();
  for (const plan of plans) {
    if (plan.signs === null) for (const { all } of plan.tallies.values()) addSpan(sum, all);
    for (const row of toRows(plan)) {
      const permit = gate.permitPaths(row.files ?? []);
      if (permit !== null && !findings.hit(permit, row, plan.label)) break;
    }
  }
  if (!findings.tellsCounts) return;
  findings.count('matched', sum.count);
  findings.count('first', Math.floor((sum.firstMs ?? 0) / 1000));
  findings.count('last', Math.floor((sum.lastMs ?? 0) / 1000));
}

function noteReaches(plans: readonly SearchPlan[], reaches: Reaches, nowMs: number, work: Work<LogElement>): void {
  const notes = new Set<string>();
  for (const { window, tallies } of plans)
    for (const source of tallies.keys()) {
      const short = window.fromMs === null ? undefined : reaches.describeShort(source, window.fromMs, nowMs);
      if (short !== undefined) notes.add(short);
    }
  for (const note of notes) work.findings.note(note);
}

function addDeletedLogs(plans: readonly SearchPlan[], host: Host, { findings }: Work<LogElement>): void {
  const asking = plans.filter(({ signs }) => signs !== null);
  if (asking.length === 0) return;
  let denied = 0;
  const onDenied = (): void => {
    denied += 1;
  };
  for (const { source, path } of listDeletedLogs(host, onDenied))
    for (const { signs, tallies } of asking)
      if (tallies.has(source)) signs?.add(source, 'deleted', path, { count: 1, firstMs: null, lastMs: null });
  findings.skip('no-permission', denied);
}

/** @param root of the host's files. */
export function runBelow(root: string): ModuleRun<LogParameters, LogElement> {
  return async ({ searches }, work) => {
    const nowMs = Date.now();
    const host = new Host(root, work);
    const asked = Object.entries(searches);
    const plans = asked.map(([label, search]) => toPlan(label, search, nowMs, mostValuesOf(asked.length)));
    const accounts = new LocalAccounts(host);
    const judge = new ValueJudge({
      accounts: accounts.names,
      hasFolder: (folder) => {
        const name = toText(folder);
        return toLatin1(name) === folder && host.isFolder(name);
      },
      mayTell: (path) => work.gate.permitPaths([host.at(toText(path))]) !== null,
    });
    const reaches = new Reaches();
    const texts = plansOf(plans, 'text');
    if (texts.length > 0) await new TextSource(host, work, texts, judge, reaches).read();
    const journals = plansOf(plans, 'journal');
    if (journals.length > 0) await new JournalSource(host, work, judge, reaches).read(journals);
    new EntrySources(host, work, accounts, judge, reaches).read(plans);
    addDeletedLogs(plans, host, work);
    tell(plans, work);
    noteReaches(plans, reaches, nowMs, work);
  };
}

export const run = runBelow('/');
