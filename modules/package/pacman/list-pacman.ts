/** The packages of pacman. */
import type { Host } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { SourceWork } from '../../kit/listing/run-listing.ts';
import { pacmanExpected, pacmanPaths, readPacman } from '../../kit/packages/pacman/database.ts';
import { readNoExtract } from '../../kit/packages/pacman/no-extract.ts';
import type { PackageFiles } from '../altered/altered-files.ts';
import type { PackageRow } from '../columns.ts';
import type { WantedFiles } from '../files/wanted.ts';

function toRow(sections: ReadonlyMap<string, string>): PackageRow {
  const [name = '', version, arch, base, packager] = ['NAME', 'VERSION', 'ARCH', 'BASE', 'PACKAGER'].map((one) =>
    sections.get(one),
  );
  const date = sections.get('INSTALLDATE') ?? '';
  return {
    name: toText(name),
    ...(version === undefined ? {} : { version: toText(version) }),
    type: 'pacman',
    ...(arch === undefined ? {} : { arch: toText(arch) }),
    status: 'installed',
    ...(base === undefined || base === name ? {} : { source: toText(base) }),
    ...(packager === undefined ? {} : { origin: toText(packager) }),
    installed: /^\d{1,12}$/.test(date) ? Number(date) * 1000 : null,
  };
}

/** @returns whether there is such a database. */
export async function* listPacman(
  host: Host,
  { signal }: SourceWork,
  wanted: WantedFiles,
): AsyncGenerator<PackageRow | PackageFiles, boolean> {
  const packages = readPacman(host, signal);
  let isLeftOut: ReturnType<typeof readNoExtract> | undefined;
  for (;;) {
    const next = await packages.next();
    if (next.done === true) return next.value;
    const row = toRow(next.value.sections);
    yield row;
    if (!wanted.isEmpty) for (const path of pacmanPaths(host, next.value)) yield* wanted.rowsOf(row, path);
    if (!wanted.verifies(row)) continue;
    isLeftOut ??= readNoExtract(host);
    yield { row, files: pacmanExpected(host, next.value, isLeftOut) };
  }
}
