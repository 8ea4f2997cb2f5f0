/**
 * Groups sources that are compiled together. Most of the time goes into headers, which the sources of one folder share: a
 * lot is one source that includes them all. The names in one lot must therefore differ.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { makeFolder } from '../../host/make-folder.ts';
import { replaceFile } from '../../host/replace-file.ts';
import type { Unit } from './sources.ts';

/** Where the sources of lots are written; relative to the repository. */
export const lotsFolder = '.cache/addon/lots';

function groupByLot(units: readonly Unit[]): Map<string, Unit[]> {
  const lots = new Map<string, Unit[]>();
  for (const unit of units) {
    const members = lots.get(unit.lot);
    if (members === undefined) lots.set(unit.lot, [unit]);
    else members.push(unit);
  }
  return lots;
}

/** Two builds at once must not meet half a file. An unchanged file keeps its time. */
async function writeSource(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => null)) !== text) replaceFile(path, text, 0o644);
}

/** Puts the units of a lot together, and writes the source that includes them. @param os as Node names it. */
export async function toLots(root: string, os: string, units: readonly Unit[]): Promise<Unit[]> {
  const folder = `${lotsFolder}/${os}`;
  makeFolder(join(root, folder));
  const lots: Unit[] = [];
  for (const [name, members] of groupByLot(units)) {
    const [first] = members;
    if (first === undefined || members.length === 1) {
      lots.push(...members);
      continue;
    }
    const source = `${folder}/${name}.cc`;
    const lines = members.map((member) => `#include "${posix.relative(dirname(source), member.source)}"\n`);
    await writeSource(join(root, source), lines.join(''));
    const digest = createHash('sha256');
    for (const member of members) digest.update(`${member.source}\0${member.digest}\0`);
    lots.push({ ...first, source, digest: digest.digest('hex') });
  }
  return lots;
}
