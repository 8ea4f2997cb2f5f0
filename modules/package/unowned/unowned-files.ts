/** Files below some folders that no package owns. */
import * as z from 'zod';
import { native, type ScanSummary } from '../../../native/index.ts';
import { awaitTask } from '../../kit/await-task.ts';
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { findOwners } from '../../kit/packages/owners.ts';
import type { PackageRow } from '../columns.ts';
import { usualFolders } from './usual-folders.ts';

/** More files are not held in memory. */
const mostFiles = 300_000;

const Search = z.object({ unowned: z.boolean().default(false), paths: z.array(z.string()).default(usualFolders) });

/** The folders of all searches about unowned files; none when there is no such search. */
function unownedFolders({ searches }: Pick<SourceWork, 'searches'>): readonly string[] {
  const asked = searches.map((search) => Search.parse(search)).filter(({ unowned }) => unowned);
  return [...new Set(asked.flatMap(({ paths }) => paths))];
}

/** The path for functions of the system; undefined for one that is not UTF-8. @param printed with `\\` for a backslash. */
function toSystemPath(printed: string): string | undefined {
  return /(?<!\\)(?:\\\\)*\\x/.test(printed) ? undefined : printed.replaceAll('\\\\', '\\');
}

function report(summary: ScanSummary, { gate, findings }: SourceWork): void {
  gate.countAnswered(summary.protectedQuestions);
  for (const { reason, count } of summary.skipped) findings.skip(reason, count);
  for (const { path } of summary.refusedRoots) findings.noteNaming(`protected here: ${path}`);
  for (const error of summary.errors) findings.noteNaming(error);
}

/** All files of the folders; what is a link is one itself. */
async function listFiles(host: Host, folders: readonly string[], work: SourceWork): Promise<ReadonlySet<string>> {
  const { gate, findings, limits, signal } = work;
  const paths = new Set<string>();
  let isCut = false;
  const search = {
    checks: [],
    matchAll: true,
    decompress: false,
    encoding: 'auto',
    returnSha256: false,
    maxDepth: 0,
    matchLimit: 0,
  } as const;
  const job = native().startScan(
    {
      searches: [search],
      roots: folders.map((folder) => ({ path: host.at(folder).replace(/(?<=.)\/+$/, ''), searches: [0] })),
      threads: limits.threads,
      cpuPercent: limits.cpuPercent,
      seconds: 0,
      maxErrors: 100,
      protectedPatterns: gate.protection.rules,
      protectedContents: gate.protection.contents,
      protectedQuestions: 0,
    },
    (hits) => {
      for (const { path } of hits) paths.add(path);
      isCut ||= paths.size > mostFiles;
      if (isCut) job.cancel();
    },
  );
  report(await awaitTask(job, signal), work);
  if (isCut) {
    findings.skip('size-limit');
    findings.note(`there are more than ${mostFiles} files: ask about fewer folders`);
  }
  return paths;
}

/** The same file by two names of its folder, such as those of merged /usr, is told once. */
class Places {
  readonly #host: Host;
  readonly #folders = new Map<string, string>();
  readonly #seen = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
  }

  isNew(path: string): boolean {
    const end = path.lastIndexOf('/');
    const folder = path.slice(0, end);
    const real = this.#folders.get(folder) ?? this.#host.resolve(folder) ?? folder;
    this.#folders.set(folder, real);
    const place = `${real}${path.slice(end)}`;
    if (this.#seen.has(place)) return false;
    this.#seen.add(place);
    return true;
  }
}

/** @param root of the host's files. */
export async function* listUnowned(root: string, host: Host, work: SourceWork): AsyncGenerator<PackageRow> {
  const folders = unownedFolders(work);
  if (folders.length === 0) return;
  const top = host.at('/').replace(/\/$/, '');
  const places = new Places(host);
  const files = new Map<string, string>();
  for (const printed of await listFiles(host, folders, work)) {
    const path = toSystemPath(printed)?.slice(top.length);
    if (path === undefined) work.findings.skip('undecided');
    else if (places.isNew(path)) files.set(path, printed.slice(top.length));
  }
  const owners = await findOwners(root, work, [...files.keys()]);
  for (const [path, printed] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { kind } = owners.of(path);
    if (kind === 'unknown') work.findings.skip('undecided');
    else if (kind === 'none') yield { file: printed, is: 'unowned' };
  }
}
