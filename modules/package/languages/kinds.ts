/** Which files have packages of a language, and how these are read. */
import type { ScanCheck } from '../../../native/index.ts';
import type { HostFile } from '../../kit/files/host-file.ts';
import { malformed } from '../../kit/files/malformed.ts';
import type { LanguageType } from '../package-types.ts';
import { cargoPath, parseAudit, parseCrates } from './cargo.ts';
import { ElfFile } from './elf.ts';
import type { FoundPackage } from './found-package.ts';
import { gemPath, parseGemspec, stubBytes } from './gem.ts';
import { readGo } from './go.ts';
import { jarPath, readJar } from './jar.ts';
import { npmPath, parseNpm } from './npm.ts';
import { metadataBytes, parseMetadata, pipPath } from './pip.ts';

interface FileContent {
  readonly packages: readonly FoundPackage[];
  /** Whether there may be more. */
  readonly isCut?: boolean;
}

export interface FileKind {
  /** Of the packages that such a file may tell of. */
  readonly types: readonly LanguageType[];
  /** Which files of a walk to look at. */
  readonly checks: readonly ScanCheck[];
  /** @param all the paths of all files that were found. */
  readonly isMeant: (path: string, all: ReadonlySet<string>) => boolean;
  /** @throws CodedError `database-malformed`, the system's errors */
  readonly read: (file: HostFile, path: string) => FileContent;
}

function named(pattern: string): readonly ScanCheck[] {
  return [{ kind: 'name', invert: false, pattern }];
}

/** A list of 10,000 programs has less. */
const mostTextBytes = 8 * 1024 * 1024;

function readText(file: HostFile): Buffer {
  if (file.sizeBytes > mostTextBytes) throw malformed(`at most ${mostTextBytes} bytes`, file.sizeBytes);
  return file.readAt(0, file.sizeBytes);
}

/** No program of Go or Rust is smaller. */
const leastProgramBytes = 100 * 1024;
const mostAuditBytes = 4 * 1024 * 1024;
/** Of files that are no programs, so that most files need no look at their modes and sizes. */
const otherEndings =
  'py|pyc|pyi|rb|pl|pm|js|mjs|cjs|ts|map|json|c|cc|h|hpp|rs|go|java|class|md|txt|html|css|png|svg|jpg|gif|gz|xz|zst|xml|mo|po|a|o|ko|ttf|jar';

function readProgram(file: HostFile): FileContent {
  const elf = ElfFile.open(file);
  if (elf === undefined) return { packages: [] };
  const audit = elf.section('.dep-v0', mostAuditBytes);
  return { packages: [...readGo(elf), ...(audit === undefined ? [] : parseAudit(audit))] };
}

export const fileKinds: readonly FileKind[] = [
  {
    types: ['npm'],
    checks: named('^package\\.json$'),
    isMeant: (path) => npmPath.test(path),
    read: (file) => ({ packages: parseNpm(readText(file)) }),
  },
  {
    types: ['pip'],
    checks: named('^(?:METADATA|PKG-INFO|.*\\.egg-info)$'),
    isMeant: (path) => pipPath.test(path),
    read: (file) => ({ packages: parseMetadata(file.readAt(0, metadataBytes)) }),
  },
  {
    types: ['gem'],
    checks: named('\\.gemspec$'),
    isMeant: (path) => gemPath.test(path),
    read: (file, path) => ({ packages: parseGemspec(path, file.readAt(0, stubBytes)) }),
  },
  {
    types: ['cargo'],
    checks: named('^\\.crates(?:2\\.json|\\.toml)$'),
    // Both files of a folder list the same.
    isMeant: (path, all) =>
      cargoPath.test(path) && !(path.endsWith('.toml') && all.has(path.replace(/\.toml$/, '2.json'))),
    read: (file) => ({ packages: parseCrates(readText(file)) }),
  },
  {
    types: ['jar'],
    checks: named('\\.(?:jar|war|ear|sar|rar|par|hpi|jpi|kar|nar)$'),
    isMeant: (path) => jarPath.test(path),
    read: (file, path) => readJar(file, path),
  },
  {
    types: ['go', 'cargo'],
    checks: [
      { kind: 'name', invert: true, pattern: `\\.(?:${otherEndings})$` },
      { kind: 'mode', invert: false, pattern: '^-.*x' },
      { kind: 'size', invert: false, ranges: [{ minimum: leastProgramBytes, maximum: Number.MAX_SAFE_INTEGER }] },
    ],
    isMeant: () => true,
    read: readProgram,
  },
];
