/** What a search asks of packages, without what it asks of their files: files of other packages are not read. */
import { native } from '../../native/index.ts';
import type { SearchValues } from '../kit/listing/row-filter.ts';
import { toRowTest } from '../kit/listing/row-test.ts';
import { columns, type PackageRow } from './columns.ts';
import { filters } from './filters.ts';

/** Parameters about files, and those of columns that only rows of files have. */
const aboutFiles = new Set(['files', 'roots', 'running', 'altered', 'unowned', 'paths', 'changes', 'roles']);

/** False where the package does not fit, whatever its files are. */
export function toPackageTest(search: SearchValues): (row: PackageRow) => boolean {
  const own = Object.fromEntries(Object.entries(search).filter(([name]) => !aboutFiles.has(name)));
  const test = toRowTest(columns, filters, own, native().compilePattern);
  return (row) => test(row) !== 'no';
}
