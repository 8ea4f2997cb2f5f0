/** The investigator's side of the file module: flags in, lines out. */
import { CodedError } from '../../protocol/coded-error.ts';
import { answerClasses } from '../../protocol/protection.ts';
import type { Flag, FlagValues, ModuleCli } from '../contract.ts';
import { toCountLine } from '../shared/count-line.ts';
import { type FileElement, FileElements, FileParameters, filterNames, type MatchedFilter } from './spec.ts';

/** The one search that flags describe. */
const label = 's1';

const lists = {
  path: 'paths',
  name: 'names',
  content: 'contents',
  bytes: 'bytes',
  size: 'sizes',
  mode: 'modes',
  mtime: 'mtimes',
  md5: 'md5',
  sha1: 'sha1',
  sha2: 'sha2',
  sha3: 'sha3',
} as const;

function list(name: string, value: string, help: string, example: string): Flag {
  return { name, kind: 'string', repeatable: true, value, help, example };
}

const flags: readonly Flag[] = [
  list(
    'path',
    'path',
    'A file or a directory to search, or a glob for several; at least one is needed.',
    "-path '/home/*/.ssh'",
  ),
  list('name', 'regex', 'Base name matches; !regex: does not.', "-name '\\.sysconfig$'"),
  list('content', 'regex', 'A line matches; !regex: no line does.', "-content '^root:'"),
  list('bytes', 'hex', 'Has these bytes anywhere, ?? for any byte.', "-bytes '4d5a??00'"),
  list('size', 'size', 'At most, at least or exactly so many bytes; k m g t for powers of 1024.', "-size '<10m'"),
  list(
    'mode',
    'regex',
    'Mode in the form of ls -l matches; setuid, setgid and sticky come first as u, g, t.',
    "-mode '^u'",
  ),
  list('mtime', 'age', 'Changed later or earlier than so long ago; s m h d w, m for minutes.', "-mtime '<90d'"),
  list('md5', 'hex', 'Has one of these MD5 digests.', '-md5 d41d8cd98f00b204e9800998ecf8427e'),
  list('sha1', 'hex', 'Has one of these SHA-1 digests.', '-sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709'),
  list(
    'sha2',
    'hex',
    'Has one of these SHA-2 digests: 224, 256, 384 or 512 bits.',
    '-sha2 e3b0c44298fc1c149afbf4c8996fb924…',
  ),
  list(
    'sha3',
    'hex',
    'Has one of these SHA-3 digests: 224, 256, 384 or 512 bits.',
    '-sha3 a7ffc6f8bf1ed76651c14756a061d662…',
  ),
  {
    name: 'maxdepth',
    kind: 'number',
    value: 'levels',
    help: 'Levels below a path, 1 for the files directly in it, 0 for all; 1000 without this flag.',
  },
  { name: 'matchall', kind: 'boolean', help: 'A file must match all filters; so it is without this flag.' },
  { name: 'matchany', kind: 'boolean', help: 'Each filter counts on its own, and the line says which one matched.' },
  {
    name: 'macroal',
    kind: 'boolean',
    help: 'Every line must match every -content; without this flag one line is enough.',
  },
  list('mismatch', 'filter', `Turns a filter round: ${filterNames.join(', ')}.`, '-mismatch sha2'),
  {
    name: 'matchlimit',
    kind: 'number',
    value: 'hits',
    help: 'Ends after so many hits, 0 for no limit; 1000 without this flag.',
  },
  {
    name: 'maxerrors',
    kind: 'number',
    value: 'errors',
    help: 'Failures shown as text, 0 for no limit; 30 without this flag. All are counted.',
  },
  { name: 'returnsha256', kind: 'boolean', help: 'Adds the SHA-256 of each file found.' },
  {
    name: 'decompress',
    kind: 'boolean',
    help: 'Looks into gzip, zstd, xz and bzip2 files: content, bytes and digests are of what is inside.',
  },
  {
    name: 'answer',
    kind: 'string',
    value: 'yesno|count|names|metadata',
    help: `How much is told of what is found: ${answerClasses.join(', ')}; metadata without this flag.`,
    example: '-answer yesno',
  },
  { name: 'description', kind: 'string', value: 'text', help: 'Says why, for those who read the action.' },
];

function usage(message: string): CodedError {
  return new CodedError('usage', message, { hint: 'mig file -h shows the flags' });
}

/** The flag that a parameter came from: `searches.s1.sizes.0` is `-size`. */
function flagOf(path: readonly PropertyKey[]): string {
  const [field, , list, option] = path;
  if (field === 'answer') return '-answer';
  const known = Object.entries(lists).find(([, parameter]) => parameter === list);
  return `-${known?.[0] ?? String(list === 'options' ? option : (list ?? 'path'))}`;
}

function toParameters(values: FlagValues): FileParameters {
  if (values.path === undefined) throw usage('expected at least one -path, got none');
  if (values.matchall === true && values.matchany === true) throw usage('expected -matchall or -matchany, got both');
  const filters = Object.entries(lists).flatMap(([flag, parameter]) =>
    values[flag] === undefined ? [] : [[parameter, values[flag]]],
  );
  const given = ['maxdepth', 'macroal', 'mismatch', 'matchlimit', 'maxerrors', 'returnsha256', 'decompress'].flatMap(
    (name) => (values[name] === undefined ? [] : [[name, values[name]]]),
  );
  const search = {
    ...(values.description === undefined ? {} : { description: values.description }),
    ...Object.fromEntries(filters),
    options: { matchall: values.matchany !== true && values.matchall !== false, ...Object.fromEntries(given) },
  };
  const answer = values.answer === undefined ? {} : { answer: values.answer };
  const checked = FileParameters.safeParse({ searches: { [label]: search }, ...answer });
  if (checked.success) return checked.data;
  throw usage(checked.error.issues.map((issue) => `${flagOf(issue.path)}: ${issue.message}`).join('\n'));
}

/** ` names '^foo$'`, nothing when all filters matched together. */
function toReason(search: MatchedFilter): string {
  return Object.entries(search)
    .map(([filter, values]) => ` on ${filter} ${values.map((value) => `'${value}'`).join(', ')}`)
    .join('');
}

function toInfo(fileinfo: FileElement['fileinfo']): string {
  if (fileinfo === undefined) return '';
  const { lastmodified, mode, size, sha256 } = fileinfo;
  return ` [lastmodified:${lastmodified}, mode:${mode}, size:${size}${sha256 === undefined ? '' : `, sha256:${sha256}`}]`;
}

export const cli: ModuleCli<FileParameters> = {
  flags,
  toParameters,
  *toLines(result) {
    const searches = Object.entries(FileElements.parse(result.elements));
    if (searches.every(([, found]) => found.length === 0)) yield* toCountLine(result);
    for (const [name, found] of searches) {
      for (const { file, search, fileinfo } of found) {
        yield `${file}${toInfo(fileinfo)} in search '${name}'${toReason(search)}`;
      }
    }
  },
  examples: [
    {
      command: "mig file -t all -path /usr/bin -path /usr/sbin -name '^wget$'",
      says: 'finds every wget and when it was last changed.',
    },
    {
      command: 'mig file -t all -path / -sha2 <hex> -size 419080',
      says: 'finds a file by its digest; the size, which is cheap, rules out the others first.',
    },
    {
      command: "mig file -t all -path /var/www -name '\\.php$' -content 'eval\\(base64_decode' -mtime '<30d'",
      says: 'finds web shells that came within the last 30 days.',
    },
    {
      command: "mig file -t all -path '/home/*/.ssh' -name '^authorized_keys$' -content '!from='",
      says: 'finds authorized keys that may be used from anywhere.',
    },
  ],
};
