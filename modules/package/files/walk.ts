/** Walks folders of the host with the native engine: its limits and the protection rules hold, and the receipt has its skips. */
import { native, type ScanCheck, type ScanSummary } from '../../../native/index.ts';
import { awaitTask } from '../../kit/await-task.ts';
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';

export interface WalkedFile {
  /** On the host, as functions of the system take it. */
  readonly path: string;
  /** The same for answers. */
  readonly printed: string;
  readonly isLink: boolean;
  /** Indexes of the sets of checks that it passes. */
  readonly passes: readonly number[];
}

interface Walk {
  /** Absolute folders. */
  readonly folders: readonly string[];
  /** A file that passes all checks of a set is found; each of an empty set. */
  readonly checks: readonly (readonly ScanCheck[])[];
  /** More files are not held in memory. */
  readonly most: number;
}

function report(summary: ScanSummary, { gate, findings }: SourceWork): void {
  gate.countAnswered(summary.protectedQuestions);
  for (const { reason, count } of summary.skipped) findings.skip(reason, count);
  for (const { path } of summary.refusedRoots) findings.noteNaming(`protected here: ${path}`);
  for (const error of summary.errors) findings.noteNaming(error);
}

/** The path for functions of the system; undefined for one that is not UTF-8. @param printed with `\\` for a backslash. */
function toSystemPath(printed: string): string | undefined {
  return /(?<!\\)(?:\\\\)*\\x/.test(printed) ? undefined : printed.replaceAll('\\\\', '\\');
}

/** By the printed path, what it passes. */
type Passes = Map<string, { isLink: boolean; passes: number[] }>;

async function scan(host: Host, { folders, checks, most }: Walk, work: SourceWork): Promise<Passes> {
  const { gate, findings, limits, signal } = work;
  const found: Passes = new Map();
  let isCut = false;
  const searches = checks.map((some) => ({
    checks: some,
    matchAll: true,
    decompress: false,
    encoding: 'auto' as const,
    returnSha256: false,
    maxDepth: 0,
    matchLimit: 0,
  }));
  const job = native().startScan(
    {
      searches,
      roots: folders.map((folder) => ({
        path: host.at(folder).replace(/(?<=.)\/+$/, ''),
        searches: [...searches.keys()],
      })),
      threads: limits.threads,
      cpuPercent: limits.cpuPercent,
      seconds: 0,
      maxErrors: 100,
      protectedPatterns: gate.protection.rules,
      protectedContents: gate.protection.contents,
      protectedQuestions: 0,
    },
    (hits) => {
      for (const { path, search, link } of hits) {
        const known = found.get(path);
        if (known === undefined) found.set(path, { isLink: link !== undefined, passes: [search] });
        // The same folder may be named twice.
        else if (!known.passes.includes(search)) known.passes.push(search);
      }
      isCut ||= found.size > most;
      if (isCut) job.cancel();
    },
  );
  report(await awaitTask(job, signal), work);
  if (isCut) {
    findings.skip('size-limit');
    findings.note(`there are more than ${most} files: ask about fewer folders`);
  }
  return found;
}

/** Folder by folder. A link is found itself. A file whose name is not UTF-8 is undecided. */
export async function walkFiles(host: Host, walk: Walk, work: SourceWork): Promise<readonly WalkedFile[]> {
  const top = host.at('/').replace(/\/$/, '').length;
  const files: WalkedFile[] = [];
  for (const [full, { isLink, passes }] of await scan(host, walk, work)) {
    const path = toSystemPath(full)?.slice(top);
    if (path === undefined) work.findings.skip('undecided');
    else files.push({ path, printed: full.slice(top), isLink, passes });
  }
  return files;
}
