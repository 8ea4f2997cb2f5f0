/** The filters of a search for files. */
import { type DigestFilter, digestAlgorithmOf, digestLengths } from '../kit/digest-algorithms.ts';
import { byteStrings, regexes, requiredValues, triState, values } from '../kit/fields.ts';
import { isAccount, parseAge, parseCapability, parseCount, parseSize } from './values.ts';

/** The filters that `mismatch` may negate. */
export const filterNames = [
  'name',
  'size',
  'mode',
  'mtime',
  'content',
  'bytes',
  'md5',
  'sha1',
  'sha2',
  'sha3',
  'user',
  'group',
  'ctime',
  'btime',
  'atime',
  'inode',
  'links',
  'capability',
] as const;
export type FilterName = (typeof filterNames)[number];

/** POSIX or Windows: one action goes to both, and each system uses its own paths. */
function isAbsolutePath(text: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(text) && !text.includes('\0');
}

function digests(filter: DigestFilter, help: string, example: string, former: readonly string[] = []) {
  return values('digest', {
    flag: filter,
    value: 'hex',
    help,
    example: `-${filter} ${example}`,
    isValid: (text) => digestAlgorithmOf(filter, text) !== undefined,
    expected: `a digest of ${digestLengths(filter).join(' or ')} hex digits`,
    former,
    discloses: 'content',
  });
}

function ages(flag: string, help: string) {
  return values('age', {
    flag,
    help,
    example: `-${flag} '<90d'`,
    isValid: (text) => parseAge(text) !== undefined,
    expected: 'an age such as <90d or >5h (s m h d w)',
    discloses: 'metadata',
  });
}

function accounts(flag: string, help: string, example: string) {
  return values('text', {
    flag,
    value: 'account',
    help,
    example: `-${flag} ${example}`,
    isValid: isAccount,
    expected: 'the name or the number of an account',
    mostCharacters: 256,
    discloses: 'metadata',
  });
}

function counts(flag: string, help: string, example: string) {
  return values('number', {
    flag,
    help,
    example: `-${flag} '${example}'`,
    isValid: (text) => parseCount(text) !== undefined,
    expected: 'a number or a range such as 4, <4, >4 or 4..8',
    mostCharacters: 64,
    discloses: 'metadata',
  });
}

export const search = {
  paths: requiredValues('path', {
    flag: 'path',
    help: 'A file or a directory to search, or a glob for several; at least one is needed.',
    example: "-path '/home/*/.ssh'",
    isValid: isAbsolutePath,
    expected: 'an absolute path',
    mostCharacters: 4096,
    most: 1000,
    discloses: 'names',
  }),
  names: regexes({
    flag: 'name',
    help: 'Base name matches; !regex: does not.',
    example: "-name '\\.sysconfig$'",
    negates: true,
    discloses: 'names',
    advice: 'name',
  }),
  links: regexes({
    flag: 'link',
    help: 'Is a link whose text matches: where it leads, as ls -l shows it; !regex: does not.',
    example: "-link '^/tmp/'",
    negates: true,
    discloses: 'names',
    advice: 'text',
  }),
  contents: regexes({
    flag: 'content',
    engine: 'lines',
    help: 'A line matches; !regex: no line does.',
    example: "-content '^root:'",
    most: 256,
    negates: true,
    former: ['regexes'],
    discloses: 'content',
    advice: 'text',
  }),
  bytes: byteStrings({
    flag: 'bytes',
    help: 'Has these bytes anywhere, ?? for any byte.',
    example: "-bytes '4d5a??00'",
  }),
  sizes: values('size', {
    flag: 'size',
    help: 'Has at most, at least or exactly this size; k m g t for powers of 1024.',
    example: "-size '<10m'",
    isValid: (text) => parseSize(text) !== undefined,
    expected: 'a size such as <10m, >1g or 12345',
    discloses: 'metadata',
  }),
  modes: regexes({
    flag: 'mode',
    help: 'Mode in the form of ls -l matches; setuid, setgid and sticky come first as u, g, t.',
    example: "-mode '^u'",
    negates: false,
    discloses: 'metadata',
    advice: 'text',
  }),
  mtimes: ages('mtime', 'Changed within this time span or before it; s m h d w, m for minutes.'),
  ctimes: ages('ctime', 'Content, owner, mode or attributes changed within this time span or before it.'),
  btimes: ages('btime', 'Made within this time span or before it.'),
  atimes: ages('atime', 'Read within this time span or before it, as far as the file system writes that down.'),
  users: accounts('user', 'Owner is one of these users of /etc/passwd, or has one of these numbers.', 'www-data'),
  groups: accounts('group', 'Group is one of these of /etc/group, or has one of these numbers.', 'shadow'),
  inodes: counts('inode', 'Has one of these inode numbers; a number or a range: 4, <4, >4, 4..8.', '131074'),
  linkcounts: counts('links', 'Has this number of names; a number or a range: 4, <4, >4, 4..8.', '>1'),
  immutable: triState({
    flag: 'immutable',
    help: 'Nobody may change, rename or remove it, not even root: chattr +i.',
    discloses: 'metadata',
  }),
  appendonly: triState({ flag: 'appendonly', help: 'Can only grow: chattr +a.', discloses: 'metadata' }),
  capabilities: values('text', {
    flag: 'capability',
    value: 'name',
    help: 'A program that runs with this capability, as getcap shows it, or with any.',
    example: '-capability any',
    isValid: (text) => parseCapability(text) !== undefined,
    expected: 'any or a capability such as cap_net_raw',
    mostCharacters: 64,
    discloses: 'metadata',
  }),
  xattrs: regexes({
    flag: 'xattr',
    help: 'The name of an extended attribute matches; !regex: of none does.',
    example: "-xattr '^user\\.'",
    negates: true,
    discloses: 'names',
    advice: 'text',
  }),
  md5: digests('md5', 'Has one of these MD5 digests.', 'd41d8cd98f00b204e9800998ecf8427e'),
  sha1: digests('sha1', 'Has one of these SHA-1 digests.', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'),
  sha2: digests(
    'sha2',
    'Has one of these SHA-2 digests: 224, 256, 384 or 512 bits.',
    'e3b0c44298fc1c149afbf4c8996fb924…',
    ['sha256', 'sha384', 'sha512'],
  ),
  sha3: digests(
    'sha3',
    'Has one of these SHA-3 digests: 224, 256, 384 or 512 bits.',
    'a7ffc6f8bf1ed76651c14756a061d662…',
    ['sha3_224', 'sha3_256', 'sha3_384', 'sha3_512'],
  ),
};
