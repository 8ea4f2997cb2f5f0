/** Files below some folders that no package owns. */
import * as z from 'zod';
import type { Host } from '../../kit/files/host.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { findOwners } from '../../kit/packages/owners.ts';
import type { PackageRow } from '../columns.ts';
import { walkFiles } from '../files/walk.ts';
import { usualFolders } from './usual-folders.ts';

/** More files are not held in memory. */
const mostFiles = 300_000;

const Search = z.object({ unowned: z.boolean().default(false), paths: z.array(z.string()).default(usualFolders) });

/** The folders of all searches about unowned files; none when there is no such search. */
function unownedFolders({ searches }: Pick<SourceWork, 'searches'>): readonly string[] {
  const asked = searches.map((search) => Search.parse(search)).filter(({ unowned }) => unowned);
  return [...new Set(asked.flatMap(({ paths }) => paths))];
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
  const places = new Places(host);
  const found = await walkFiles(host, { folders, checks: [[]], most: mostFiles }, work);
  const files = new Map(found.filter(({ path }) => places.isNew(path)).map(({ path, printed }) => [path, printed]));
  const owners = await findOwners(root, work, [...files.keys()]);
  for (const [path, printed] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { kind } = owners.of(path);
    if (kind === 'unknown') work.findings.skip('undecided');
    else if (kind === 'none') yield { file: printed, is: 'unowned' };
  }
}
