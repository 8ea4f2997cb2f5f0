/** What dpkg's packages say of their files: which there are, and the MD5 digests of most. */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../files/host.ts';
import type { ExpectedFile } from '../expected-file.ts';
import { LocalNames } from '../local-names.ts';
import { type Conffiles, ConffileTable } from './conffiles.ts';
import type { DpkgDatabase } from './database.ts';
import type { Diversions } from './diversions.ts';
import { readDiversions } from './file-lists.ts';
import { PathFilters } from './path-filters.ts';
import { type Batch, readBatches, type SmallFilesWork } from './small-files.ts';
import { type Stanza, stateOf } from './stanza.ts';
import { readStatOverrides } from './stat-overrides.ts';

const info = '/var/lib/dpkg/info';

export interface ExpectedOfPackage {
  readonly stanza: Stanza;
  readonly files: readonly ExpectedFile[];
}

/** `HEX  PATH` in lines, without the slash in front of the path. */
function parseDigests(text: string): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  for (const line of text.split('\n'))
    if (line.charAt(32) === ' ') digests.set(`/${line.slice(34)}`, line.slice(0, 32));
  return digests;
}

function textsOf(batch: Batch): ReadonlyMap<string, string> {
  return new Map(
    batch.names.map((name, file) => [
      name,
      batch.bytes.toString('latin1', file === 0 ? 0 : batch.ends[file - 1], batch.ends[file]),
    ]),
  );
}

class Expectations {
  readonly #diversions: Diversions;
  readonly #filters: PathFilters;
  readonly #overrides: ReadonlyMap<string, Pick<ExpectedFile, 'mode' | 'user' | 'group'>>;

  constructor(host: Host) {
    this.#diversions = readDiversions(host);
    this.#filters = new PathFilters(host);
    this.#overrides = readStatOverrides(host, new LocalNames(host));
  }

  filesOf(name: string, list: string, digests: ReadonlyMap<string, string>, conffiles: Conffiles): ExpectedFile[] {
    const files: ExpectedFile[] = [];
    for (const path of list.split('\n')) {
      if (!path.startsWith('/') || path === '/.') continue;
      const place = this.#diversions.placeOf(name, path);
      const conffile = conffiles.get(path);
      const hex = conffile ?? digests.get(path);
      files.push({
        path: place,
        role: conffile === undefined ? (path.startsWith('/usr/share/doc/') ? 'doc' : 'other') : 'config',
        ...(hex === undefined ? {} : { digest: { algorithm: 'md5', hex } }),
        ...this.#overrides.get(place),
        ...(this.#filters.excludes(path) ? { mayBeMissing: true } : {}),
      });
    }
    return files;
  }
}

/** By the names that the lists of a package may have, the packages whose files are there. */
function byListName(database: DpkgDatabase, isMeant: (stanza: Stanza) => boolean): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Stanza>();
  for (const stanza of database.stanzas) {
    if (['not-installed', 'config-files'].includes(stateOf(stanza)) || !isMeant(stanza)) continue;
    const { package: name = '', architecture = '' } = stanza;
    stanzas.set(name, stanza);
    stanzas.set(`${name}:${architecture}`, stanza);
  }
  return stanzas;
}

export async function* expectedOfDpkg(
  host: Host,
  work: SmallFilesWork,
  database: DpkgDatabase,
  isMeant: (stanza: Stanza) => boolean,
): AsyncGenerator<ExpectedOfPackage> {
  const stanzas = byListName(database, isMeant);
  const conffiles = new ConffileTable(database.texts);
  const expectations = new Expectations(host);
  const names = host.list('dpkg-files', info).filter((name) => name.endsWith('.list'));
  const lists = names.map((name) => name.slice(0, -'.list'.length)).filter((list) => stanzas.has(list));
  const batches = readBatches(
    work,
    host.at(host.resolve(info) ?? info),
    lists.flatMap((list) => [`${list}.list`, `${list}.md5sums`]),
  );
  let gap: SkipReason | undefined;
  for (;;) {
    const next = await batches.next();
    if (next.done === true) {
      gap = next.value;
      break;
    }
    const texts = textsOf(next.value);
    for (const [file, list] of texts) {
      const name = file.replace(/\.list$/, '');
      const stanza = name === file ? undefined : stanzas.get(name);
      if (stanza === undefined) continue;
      const digests = parseDigests(texts.get(`${name}.md5sums`) ?? '');
      const own = conffiles.of(stanza.package ?? '', stanza.architecture ?? '');
      yield { stanza, files: expectations.filesOf(name, list, digests, own) };
    }
  }
  if (lists.length > 0) host.report('dpkg-digests', info, lists.length, gap);
}
