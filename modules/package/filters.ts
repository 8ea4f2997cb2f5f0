/** The filters of packages that look at more than one column. */
import { native } from '../../native/index.ts';
import { severalTexts } from '../kit/contradictions.ts';
import { choices, onSwitch, regexes, values } from '../kit/fields.ts';
import { text } from '../kit/listing/kinds.ts';
import { type RowFilters, rowFilter } from '../kit/listing/row-filter.ts';
import { splitNegation } from '../kit/pattern.ts';
import { type columns, type PackageRow, type Status, statuses } from './columns.ts';
import { isGlob, toPathText } from './files/question-path.ts';
import { normalizeName } from './languages/pip.ts';
import { usualRoots } from './languages/usual-roots.ts';
import { usualFolders } from './unowned/usual-folders.ts';
import { holds, parseComparison } from './versions/comparison.ts';

/** A package goes by several names, and each pattern may fit any of them; a pattern with `!` must fit none. */
function anyName(flag: string, help: string, example: string, namesOf: (row: PackageRow) => readonly string[]) {
  return rowFilter(
    regexes({ flag, help, example, most: 256, negates: true, discloses: 'names', advice: 'text' }),
    (patterns = [], compilePattern) => {
      const tests = patterns.map((pattern) => ({
        isExclusion: splitNegation(pattern).negated,
        fits: text.compile([splitNegation(pattern).pattern], compilePattern),
      }));
      return (row: PackageRow) => {
        const names = namesOf(row);
        return tests.every(({ isExclusion, fits }) => names.some((name) => fits(name)) !== isExclusion) ? 'yes' : 'no';
      };
    },
    severalTexts,
  );
}

/** Advisories name a library of Java with its group or without, and one of Python in the normal form. */
function namesOf({ name, arch, type }: PackageRow): readonly string[] {
  const own = name ?? '';
  if (type === 'jar') return [own, own.slice(own.indexOf(':') + 1)];
  if (type === 'pip') return [own, normalizeName(own)];
  return [own, `${own}:${arch}`];
}

const names = anyName(
  'name',
  'Name matches, alone or as name:arch, of a jar with its group or without; !regex: does not.',
  "-name '^openssl$'",
  namesOf,
);

const sources = anyName(
  'source',
  'Name of the source package matches, which many packages may share; !regex: does not.',
  "-source '^openssl$'",
  ({ name, source = name }) => [source ?? ''],
);

/** Advisories name the source package and its version, from which that of a package may differ. */
function comparedVersion({ version, sourceversion }: PackageRow, isSource: boolean): string | null | undefined {
  return isSource ? (sourceversion ?? version) : version;
}

const compares = rowFilter(
  values('text', {
    flag: 'compare',
    value: 'version',
    help: "Version in the order of the package's own kind: <, <=, =, !=, >= or > and a version; several are a range. With -source, the version of the source package.",
    example: "-compare '<2.36-9+deb12u9'",
    isValid: (text) => parseComparison(text) !== undefined,
    expected: 'a comparison such as <2.36-9+deb12u9 or >=1:1.2.3',
    mostCharacters: 256,
    discloses: 'metadata',
  }),
  (texts = [], _, { sources: source }) => {
    const comparisons = texts.flatMap((one) => parseComparison(one) ?? []);
    return (row: PackageRow) => {
      const { type } = row;
      const version = comparedVersion(row, source !== undefined);
      if (comparisons.length === 0) return 'yes';
      if (typeof version !== 'string' || typeof type !== 'string') return 'undecided';
      const said = comparisons.map((comparison) => holds(comparison, type, version));
      if (said.includes(false)) return 'no';
      return said.includes(undefined) ? 'undecided' : 'yes';
    };
  },
);

const isThere = ['installed', 'held', 'broken'] as const;
/** One on hold is installed as well. */
const fitting: Readonly<Record<Status, readonly Status[]>> = {
  installed: ['installed', 'held'],
  held: ['held'],
  broken: ['broken'],
  removed: ['removed'],
};

const wantedStatuses = rowFilter(
  choices({
    flag: 'status',
    of: statuses,
    value: statuses.join('|'),
    help: 'Is installed; held: installed, and may not be upgraded; broken: half installed or not configured; removed: its configuration is left. All but removed without this flag.',
    example: '-status broken',
    discloses: 'metadata',
  }),
  (wanted) => {
    const fits = new Set<Status>((wanted ?? isThere).flatMap((one) => fitting[one]));
    return ({ status, is }: PackageRow) =>
      is === 'unowned' || (typeof status === 'string' && fits.has(status)) ? 'yes' : 'no';
  },
);

function toFileTest(files: readonly string[]): (file: string) => boolean {
  const [paths, globs] = [new Set(files.filter((one) => !isGlob(one)).map(toPathText)), files.filter(isGlob)];
  const matches = globs.length === 0 ? undefined : native().compileGlobs(globs);
  return (file) => paths.has(file) || (matches?.(file).length ?? 0) > 0;
}

/** Why rows of files are listed; undefined for packages themselves. */
function wantedFindings(search: {
  readonly running: unknown;
  readonly altered: unknown;
  readonly unowned: unknown;
  readonly isAboutFiles: boolean;
}): readonly (PackageRow['is'] | undefined)[] {
  if (search.running === true) return ['replaced', 'unbooted'];
  if (search.altered === true) return ['altered'];
  if (search.unowned === true) return ['unowned'];
  return [search.isAboutFiles ? 'owned' : undefined];
}

/** The search lists packages, or files of packages for a reason. */
const files = rowFilter(
  values('text', {
    flag: 'file',
    value: 'path',
    help: 'Lists the owners of this file; a glob for several. With -running or -altered, only these files.',
    example: '-file /usr/bin/ssh',
    isValid: (written) => written.startsWith('/') && !written.includes('\0'),
    expected: 'an absolute path, or a glob that begins with /',
    mostCharacters: 4096,
    most: 1000,
    discloses: 'names',
  }),
  (asked = [], _, { running, altered, unowned }) => {
    const wanted = wantedFindings({ running, altered, unowned, isAboutFiles: asked.length > 0 });
    const isAboutPackages = asked.length === 0;
    const fits = asked.length === 0 ? () => true : toFileTest(asked);
    return ({ is, file }: PackageRow) =>
      wanted.includes(is ?? undefined) && (typeof file === 'string' ? fits(file) : isAboutPackages) ? 'yes' : 'no';
  },
);

/** Its test is that of the files. */
const running = rowFilter(
  onSwitch({
    flag: 'running',
    help: 'Lists files that a process still maps although they were replaced: packages patched on disk, but not in memory; and the newest kernel, where an older one runs.',
    discloses: 'metadata',
  }),
  () => () => 'yes',
);

/** As `running`. */
const altered = rowFilter(
  onSwitch({
    flag: 'altered',
    help: 'Lists files that are not as their package brought them: other content, mode, owner, capabilities or link, or missing.',
    discloses: 'metadata',
  }),
  () => () => 'yes',
);

/** As `running`. */
const unowned = rowFilter(
  onSwitch({
    flag: 'unowned',
    help: 'Lists files that no package owns, below the folders of -path.',
    discloses: 'metadata',
  }),
  () => () => 'yes',
);

/** With one slash at its end. */
function toFolderText(folder: string): string {
  return toPathText(folder).replace(/\/*$/, '/');
}

const paths = rowFilter(
  values('text', {
    flag: 'path',
    value: 'folder',
    help: `With -unowned, looks below this folder; ${usualFolders.join(', ')} without this flag.`,
    example: '-unowned -path /usr/bin',
    isValid: (written) => written.startsWith('/') && !written.includes('\0'),
    expected: 'an absolute path',
    mostCharacters: 4096,
    most: 100,
    discloses: 'metadata',
  }),
  (asked = [], _, { unowned: isAsked }) => {
    const folders = asked.map(toFolderText);
    return ({ file }: PackageRow) => {
      if (isAsked !== true || folders.length === 0) return 'yes';
      return typeof file === 'string' && folders.some((folder) => file.startsWith(folder)) ? 'yes' : 'no';
    };
  },
);

/** Without folders, those that are known to all; packages of the system are in none. */
const roots = rowFilter(
  values('text', {
    flag: 'root',
    value: 'folder',
    help: `Lists the packages of languages below this folder, and no others; below ${usualRoots.join(', ')} without this flag.`,
    example: '-root /srv',
    isValid: (written) => written.startsWith('/') && !written.includes('\0'),
    expected: 'an absolute path',
    mostCharacters: 4096,
    most: 100,
    discloses: 'metadata',
  }),
  (asked) => {
    const folders = (asked ?? usualRoots).map(toFolderText);
    return ({ path }: PackageRow) => {
      if (typeof path !== 'string') return asked === undefined ? 'yes' : 'no';
      return folders.some((folder) => path.startsWith(folder)) ? 'yes' : 'no';
    };
  },
);

export const filters: RowFilters<typeof columns> = {
  names,
  compares,
  statuses: wantedStatuses,
  sources,
  files,
  running,
  altered,
  unowned,
  paths,
  roots,
};
