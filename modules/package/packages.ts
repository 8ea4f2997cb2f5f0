/** All packages of a system, by kind. */
import type { SourceWork } from '../kit/listing/run-listing.ts';
import type { PackageRow } from './columns.ts';
import { listDpkg } from './dpkg/list-dpkg.ts';

/** @param root of the system: the folder in which its /var is. */
export function packagesBelow(root: string) {
  return function* (work: SourceWork): Generator<PackageRow> {
    const isThere = yield* listDpkg(root, work);
    if (isThere) return;
    work.findings.skip('unsupported');
    work.findings.note('found no database of packages of a known kind');
  };
}
