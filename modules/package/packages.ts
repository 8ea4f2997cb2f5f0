/** All packages of a system, by kind. */
import { Host } from '../kit/files/host.ts';
import type { SourceWork } from '../kit/listing/run-listing.ts';
import { listApk } from './apk/list-apk.ts';
import type { PackageRow } from './columns.ts';
import { listDpkg } from './dpkg/list-dpkg.ts';
import { toWantedFiles } from './files/wanted.ts';
import { listPacman } from './pacman/list-pacman.ts';
import { listRpm } from './rpm/list-rpm.ts';

const kinds = [listDpkg, listRpm, listApk, listPacman];

/** @param root of the system: the folder in which its /var is. */
export function packagesBelow(root: string) {
  return async function* (work: SourceWork): AsyncGenerator<PackageRow> {
    const host = new Host(root, work);
    const wanted = await toWantedFiles(host, work);
    let isAnyThere = false;
    for (const list of kinds) {
      const isThere = yield* list(host, work, wanted);
      isAnyThere ||= isThere;
    }
    if (isAnyThere) return;
    work.findings.skip('unsupported');
    work.findings.note('found no database of packages of a known kind');
  };
}
