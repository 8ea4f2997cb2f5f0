/** The lists of files of dpkg's packages, `info/NAME.list` or `info/NAME:ARCH.list`. */
import { native } from '../../../../native/index.ts';
import type { Host } from '../../files/host.ts';
import type { PathQuestion } from '../path-question.ts';
import { Diversions } from './diversions.ts';
import { type Batch, fileAt, readBatches, type SmallFilesWork } from './small-files.ts';

const folder = '/var/lib/dpkg';
const ending = '.list';

/** A path of a package, as its list has it, and where the file is. In Latin-1. */
export interface ListedPath {
  /** `NAME` or `NAME:ARCH` */
  readonly list: string;
  readonly path: string;
  readonly place: string;
}

export function readDiversions(host: Host): Diversions {
  const file = host.read('dpkg-diversions', `${folder}/diversions`);
  return new Diversions(file.state === 'read' ? file.bytes.toString('latin1') : '');
}

/** All paths of a batch; a package has the root of all as `/.`. */
function* allPaths(batch: Batch): Generator<readonly [file: number, path: string]> {
  let start = 0;
  for (const [file, end] of batch.ends.entries()) {
    for (const path of batch.bytes.toString('latin1', start, end).split('\n'))
      if (path.startsWith('/') && path !== '/.') yield [file, path];
    start = end;
  }
}

/** Those of the names; one pass over the bytes is ten times as fast as splitting them. */
function* namedPaths(
  batch: Batch,
  names: readonly string[],
  lines: Buffer,
): Generator<readonly [file: number, path: string]> {
  const found = native().findLines(batch.bytes, lines);
  for (let index = 0; index < found.length; index += 2)
    yield [fileAt(batch, found[index + 1] ?? 0), names[found[index] ?? 0] ?? ''];
}

/** The asked paths of all lists, in the order of the lists' names. Names the lists in the receipt. */
export async function findListed(
  host: Host,
  work: SmallFilesWork,
  asked: PathQuestion,
): Promise<readonly ListedPath[]> {
  const info = `${folder}/info`;
  const lists = host.list('dpkg-files', info).filter((name) => name.endsWith(ending));
  if (lists.length === 0) return [];
  const diversions = readDiversions(host);
  const diverted = diversions.from((place) => asked.namesOf(place).length > 0);
  // A list has a path in a line, so no path with a line break is in one.
  const names = asked.names && [...new Set([...asked.names, ...diverted])].filter((name) => !name.includes('\n'));
  const lines = Buffer.from(names?.join('\n') ?? '', 'latin1');
  const batches = readBatches(work, host.at(host.resolve(info) ?? info), lists);
  const listed: ListedPath[] = [];
  let count = 0;
  let next = await batches.next();
  for (; next.done !== true; next = await batches.next()) {
    const batch = next.value;
    count += batch.names.length;
    for (const [file, path] of names === undefined ? allPaths(batch) : namedPaths(batch, names, lines)) {
      const list = (batch.names[file] ?? '').slice(0, -ending.length);
      listed.push({ list, path, place: diversions.placeOf(list, path) });
    }
  }
  host.report('dpkg-files', info, count, next.value);
  return listed;
}
