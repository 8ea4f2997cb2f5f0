/** What is told of a package. */

import type { RowOf } from '../kit/listing/columns.ts';
import { choice, number, path, text, time } from '../kit/listing/kinds.ts';
import { words } from '../kit/listing/lists.ts';
import { differences } from '../kit/packages/expected-file.ts';
import { allTypes } from './package-types.ts';

export const statuses = ['installed', 'held', 'broken', 'removed'] as const;
export type Status = (typeof statuses)[number];

/** Why a file of a package is listed. */
const findings = ['owned', 'replaced', 'unbooted', 'altered', 'unowned'] as const;

export const columns = {
  name: { kind: text, help: 'Name.', discloses: 'names', line: 'head', filters: false },
  version: { kind: text, help: 'Version, with epoch and revision.', line: 'head', example: '^1\\.' },
  type: { kind: choice(allTypes), help: 'Kind of package.', discloses: 'names' },
  arch: { kind: text, help: 'Architecture.', example: '^amd64$' },
  status: { kind: choice(statuses), help: 'Whether it is installed.', filters: false },
  state: {
    kind: text,
    help: "State in the package manager's own words, when it is not plainly installed.",
    filters: false,
  },
  source: { kind: text, help: 'Source package, when its name is another.', filters: false },
  sourceversion: {
    kind: text,
    help: 'Version of the source package, when it is another.',
    line: 'none',
    filters: false,
  },
  installed: {
    kind: time,
    help: 'When it was installed or upgraded; of dpkg only told when it is asked for.',
    line: 'none',
  },
  stream: { kind: text, help: 'Stream of its module, channel of a snap, branch of a flatpak.', filters: false },
  origin: { kind: text, help: 'Who maintains or sells it.', line: 'none', example: 'Debian' },
  path: {
    kind: path,
    help: 'File that tells of a package of a language.',
    discloses: 'names',
    filters: false,
  },
  inside: { kind: text, help: 'Where in that file it is: a library in a jar.', filters: false },
  owner: {
    kind: text,
    help: 'Package of the system that brought a package of a language, and whose version says what was repaired.',
    example: '^dpkg ',
  },
  file: { kind: path, help: 'File of the package that was asked for.', discloses: 'names', filters: false },
  is: {
    kind: choice(findings),
    help: 'What the file is: owned by the package; replaced, and still mapped; altered; unowned; or the newest kernel, but unbooted.',
    filters: false,
  },
  change: { kind: words(differences), help: 'In what an altered file is not as its package brought it.' },
  role: { kind: choice(['config', 'doc', 'other']), help: 'What an altered file is for its package.' },
  pid: { kind: number, help: 'Process that still maps the old file.', filters: false },
  process: {
    kind: text,
    help: 'Name of that process, or release of the kernel that runs.',
    discloses: 'names',
    filters: false,
  },
} as const;

export type PackageRow = RowOf<typeof columns>;
