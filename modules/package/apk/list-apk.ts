/** The packages of apk. */
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { readApk } from '../../kit/packages/apk/database.ts';
import { expectedOfApk } from '../../kit/packages/apk/expected.ts';
import type { PackageFiles } from '../altered/altered-files.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';

/** Files, scripts or attributes that could not be installed. */
const brokenFlags = /[fsx]/;

function toRow(values: ReadonlyMap<string, string>): PackageRow {
  const [name = '', version, arch, source, maintainer, flags = ''] = ['P', 'V', 'A', 'o', 'm', 'f'].map((letter) =>
    values.get(letter),
  );
  const isBroken = brokenFlags.test(flags);
  return {
    name: toText(name),
    ...(version === undefined ? {} : { version: toText(version) }),
    type: 'apk',
    ...(arch === undefined ? {} : { arch: toText(arch) }),
    status: isBroken ? 'broken' : 'installed',
    ...(isBroken ? { state: toText(`broken ${flags}`) } : {}),
    ...(source === undefined || source === name ? {} : { source: toText(source) }),
    ...(maintainer === undefined ? {} : { origin: toText(maintainer) }),
  };
}

/** @returns whether there is such a database. */
export function* listApk(
  host: Host,
  { asked }: SourceWork,
  wanted: WantedFiles,
): Generator<PackageRow | PackageFiles, boolean> {
  const packages = readApk(host);
  for (;;) {
    const next = packages.next();
    if (next.done === true) return next.value;
    const row = toRow(next.value.values);
    // apk writes no time down.
    yield asked.has('installed') ? { ...row, installed: null } : row;
    if (!wanted.isEmpty) for (const path of next.value.paths()) yield* wanted.rowsOf(row, path);
    if (wanted.verifies(row)) yield { row, files: expectedOfApk(next.value.paragraph) };
  }
}
