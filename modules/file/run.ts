/** The agent's side of the file module: plans the scan, runs the native engine and reports its hits. */
import { native, type ScanHit, type ScanJob, type ScanSummary, type ScanTime } from '../../native/index.ts';
import type { SkipReason } from '../../protocol/result/result.ts';
import { HostAccounts, toAccountText } from '../kit/accounts/account-names.ts';
import { awaitTask } from '../kit/await-task.ts';
import type { Gate } from '../kit/gate.ts';
import type { ModuleRun, Work } from '../kit/work.ts';
import { AskedAccounts } from './asked-accounts.ts';
import type { FileElement } from './element.ts';
import type { FileParameters, Search } from './module.ts';
import { expandPaths } from './paths.ts';
import { type SearchPlan, toSearchPlan } from './plan.ts';
import { toPathBytes } from './printed-path.ts';
import { listUnsupported } from './unsupported.ts';
import { toGoTime } from './values.ts';

interface LabelledPlan extends SearchPlan {
  readonly label: string;
  readonly asked: AskedAccounts;
}

/** 0, which means no limit, wins: the searches share one walk. */
function maximumErrors(searches: readonly Search[]): number {
  const limits = searches.map(({ options }) => options.maxerrors);
  return limits.includes(0) ? 0 : Math.max(...limits);
}

interface Root {
  readonly bytes: Uint8Array;
  readonly searches: Set<number>;
  /** The question's path for this real path. */
  readonly asked: string;
}

/** Paths of a search that are protected: it is not carried out, and the others are. */
interface Refusal {
  readonly search: number;
  readonly paths: readonly string[];
}

/** The name that a printed path stands for, as rules compare it. */
function toName(asked: string): string {
  return Buffer.from(toPathBytes(asked)).toString();
}

async function toRoots(
  searches: readonly Search[],
  isFailed: (search: number) => boolean,
  gate: Gate,
  signal: AbortSignal,
) {
  const roots = new Map<string, Root>();
  const notes = new Set<string>();
  const undecided = new Set<string>();
  const refusals: Refusal[] = [];
  for (const [index, search] of searches.entries()) {
    if (isFailed(index)) continue;
    const refused = search.paths.filter((asked) => gate.hides(asked) || gate.hides(toName(asked)));
    if (refused.length > 0) {
      refusals.push({ search: index, paths: refused });
      continue;
    }
    for (const asked of search.paths) {
      const expanded = await expandPaths([asked], signal);
      for (const note of expanded.notes) notes.add(note);
      if (expanded.isCut) undecided.add(asked);
      for (const path of expanded.paths) {
        if (gate.hides(Buffer.from(path.bytes).toString())) continue;
        const root = roots.get(path.text) ?? { bytes: path.bytes, searches: new Set(), asked };
        root.searches.add(index);
        roots.set(path.text, root);
      }
    }
  }
  return { roots, notes, undecided: undecided.size, refusals };
}

const refusalWords = {
  protected: 'protected here',
  'question-limit': 'protected here, with no question about protected files left in this hour',
} as const;

function toTime(time: ScanTime | undefined): string | undefined {
  return time === undefined ? undefined : toGoTime(time.seconds, time.nanoseconds);
}

function toFileInfo(hit: ScanHit, accounts: HostAccounts): FileElement['fileinfo'] {
  const owner = hit.owner === undefined ? undefined : toAccountText(accounts.users, hit.owner);
  const group = hit.group === undefined ? undefined : toAccountText(accounts.groups, hit.group);
  const ctime = toTime(hit.ctime);
  const btime = toTime(hit.btime);
  const atime = toTime(hit.atime);
  return {
    lastmodified: toGoTime(hit.mtimeSeconds, hit.mtimeNanoseconds),
    mode: hit.mode,
    size: hit.sizeBytes,
    ...(hit.link === undefined ? {} : { link: hit.link }),
    ...(hit.sha256 === undefined ? {} : { sha256: hit.sha256 }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(ctime === undefined ? {} : { ctime }),
    ...(btime === undefined ? {} : { btime }),
    ...(atime === undefined ? {} : { atime }),
    ...(hit.inode === undefined ? {} : { inode: hit.inode }),
    ...(hit.links === undefined ? {} : { links: hit.links }),
  };
}

function startScan(
  searches: readonly Search[],
  plans: readonly LabelledPlan[],
  roots: ReadonlyMap<string, Root>,
  accounts: HostAccounts,
  { gate, findings, limits }: Work<FileElement>,
): ScanJob {
  const add = (hit: ScanHit): boolean => {
    const plan = plans[hit.search];
    if (plan === undefined) return false;
    const element = { file: hit.path, search: plan.describe(hit), fileinfo: toFileInfo(hit, accounts) };
    return findings.hit(gate.permitJudged(), element, plan.label);
  };
  const job = native().startScan(
    {
      // The first hit is enough for a yes.
      searches: plans.map(({ scan }) => (findings.tellsCounts ? scan : { ...scan, matchLimit: 1 })),
      roots: [...roots.values()].map(({ bytes, searches: own }) => ({ path: bytes, searches: [...own] })),
      threads: limits.threads,
      cpuPercent: limits.cpuPercent,
      seconds: limits.seconds,
      returnFacts: findings.tellsMetadata,
      maxErrors: maximumErrors(searches),
      protectedPatterns: gate.protection.rules,
      protectedContents: gate.protection.contents,
      protectedQuestions: gate.protection.questions,
    },
    (hits) => {
      if (!hits.every(add)) job.cancel();
    },
  );
  return job;
}

/** Counts of opened and read files reveal how many fit; the end of the walk reveals where the hit is. */
function reportCounts(summary: ScanSummary, { findings }: Work<FileElement>): void {
  if (!findings.tellsCounts && findings.totalHits > 0) return;
  findings.examine('files', summary.files);
  findings.examine('directories', summary.directories);
  findings.count('filescount', summary.files);
  findings.count('directoriescount', summary.directories);
  if (!findings.tellsCounts) return;
  findings.examine('bytes', summary.bytes);
  findings.count('bytesread', summary.bytes);
  findings.count('openfailed', summary.openFailed);
}

function report(summary: ScanSummary, plans: readonly LabelledPlan[], work: Work<FileElement>): void {
  const { gate, findings } = work;
  gate.countAnswered(summary.protectedQuestions);
  reportCounts(summary, work);
  for (const { reason, count } of summary.skipped) findings.skip(reason, count);
  for (const index of summary.limitedSearches) findings.limitSearch(plans[index]?.label ?? '');
  if (summary.stopped !== null && summary.stopped !== 'cancelled') findings.cutShort(summary.stopped);
}

interface Failure {
  readonly reason: SkipReason;
  readonly message: string;
}

/** Searches that cannot be carried out here, with the reasons. */
function listFailures(
  searches: readonly Search[],
  plans: readonly LabelledPlan[],
): ReadonlyMap<number, readonly Failure[]> {
  return new Map(
    plans.flatMap(({ asked }, index): [number, readonly Failure[]][] => {
      const search = searches[index];
      const unsupported = search === undefined ? [] : listUnsupported(search, process.platform);
      const reasons = [...unsupported.map((message): Failure => ({ reason: 'unsupported', message })), ...asked.unread];
      return reasons.length === 0 ? [] : [[index, reasons]];
    }),
  );
}

export const run: ModuleRun<FileParameters, FileElement> = async (parameters, work) => {
  const { signal, gate, findings } = work;
  const nowSeconds = Date.now() / 1000;
  const searches = Object.values(parameters.searches);
  const accounts = new HostAccounts(gate);
  const plans = Object.entries(parameters.searches).map(([label, one]): LabelledPlan => {
    const asked = new AskedAccounts(accounts);
    return { label, ...toSearchPlan(one, nowSeconds, asked), asked };
  });
  const labelOf = (search: number): string => plans[search]?.label ?? '';
  const failures = listFailures(searches, plans);
  for (const [search, reasons] of failures) {
    for (const { reason, message } of reasons) {
      findings.skip(reason);
      findings.failSearch(labelOf(search), message);
    }
  }
  const { roots, notes, undecided, refusals } = await toRoots(searches, (search) => failures.has(search), gate, signal);
  for (const { search, paths } of refusals) {
    findings.skip('protected', paths.length);
    findings.failSearch(labelOf(search), `${refusalWords.protected}: ${paths.join(', ')}`);
  }
  if (refusals.length + failures.size === searches.length) return;
  const summary = await awaitTask(startScan(searches, plans, roots, accounts, work), signal);
  report(summary, plans, work);
  for (const { search, path, reason } of summary.refusedRoots) {
    // As written in the question: the expansion of a pattern may be a name that must stay hidden.
    const asked = roots.get(path)?.asked ?? 'a path of this question';
    findings.failSearch(labelOf(search), `${refusalWords[reason]}: ${asked}`);
  }
  for (const note of notes) findings.note(note);
  for (const note of new Set(plans.flatMap(({ asked }) => asked.missing))) findings.note(note);
  if (undecided > 0) findings.skip('undecided', undecided);
  for (const error of summary.errors) findings.noteNaming(error);
};
