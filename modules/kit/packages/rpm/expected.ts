/** What an rpm package says of its files. @see rpm-queryformat(7), rpm(8) about `--verify` */
import type { DigestAlgorithm } from '../../../../native/index.ts';
import { malformed } from '../../files/malformed.ts';
import type { ExpectedFile, FileRole } from '../expected-file.ts';
import type { LocalNames } from '../local-names.ts';
import { type RpmHeader, tags } from './header.ts';

/** Bits of the flags of a file. */
const flags = {
  config: 1 << 0,
  doc: 1 << 1,
  missingOk: 1 << 3,
  ghost: 1 << 6,
  license: 1 << 7,
  readme: 1 << 8,
} as const;
/** Bits of what is compared. */
const verifies = {
  digest: 1 << 0,
  link: 1 << 2,
  user: 1 << 3,
  group: 1 << 4,
  mode: 1 << 6,
  capabilities: 1 << 8,
} as const;
/** States of a file: only those with the first one were unpacked and are still the package's. */
const normal = 0;

/** By the numbers of OpenPGP. */
const algorithms: Readonly<Record<number, DigestAlgorithm>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

/** As mode_t of Linux has them. */
const types = new Map<number, ExpectedFile['type']>([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'link'],
]);
const typeBits = 0o170000;

function roleOf(bits: number): FileRole {
  if ((bits & flags.config) !== 0) return 'config';
  return (bits & (flags.doc | flags.license | flags.readme)) !== 0 ? 'doc' : 'other';
}

/** @throws CodedError `database-malformed` */
export function* expectedOfRpm(header: RpmHeader, names: Pick<LocalNames, 'user' | 'group'>): Generator<ExpectedFile> {
  const [modes, fileFlags, states, compared] = [
    header.numbers(tags.fileModes),
    header.numbers(tags.fileFlags),
    header.numbers(tags.fileStates),
    header.numbers(tags.fileVerifyFlags),
  ];
  const [digests, links, users, groups, capabilities] = [
    header.texts(tags.fileDigests),
    header.texts(tags.fileLinks),
    header.texts(tags.fileUsers),
    header.texts(tags.fileGroups),
    header.texts(tags.fileCapabilities),
  ];
  const algorithm = algorithms[header.number(tags.fileDigestAlgorithm) ?? 1];
  let index = -1;
  for (const path of header.paths()) {
    index += 1;
    if ((states[index] ?? normal) !== normal) continue;
    const [mode, bits = 0, wanted = 0xffff_ffff] = [modes[index], fileFlags[index], compared[index]];
    const isGhost = (bits & flags.ghost) !== 0;
    const has = (bit: number): boolean => (wanted & bit) !== 0;
    const type = mode === undefined ? undefined : (types.get(mode & typeBits) ?? 'other');
    const isFile = type === 'file';
    const hex = digests[index] ?? '';
    if (!/^[\da-f]*$/i.test(hex)) throw malformed('a digest in hex', `${hex.length} other bytes`);
    const [user, group] = [names.user(users[index] ?? ''), names.group(groups[index] ?? '')];
    yield {
      path,
      role: roleOf(bits),
      // A ghost has a place and an owner, and nothing that the package brought.
      ...(type === undefined || isGhost ? {} : { type }),
      ...(isFile && !isGhost && has(verifies.digest) && hex !== '' && algorithm !== undefined
        ? { digest: { algorithm, hex } }
        : {}),
      ...(type === 'link' && !isGhost && has(verifies.link) ? { link: links[index] ?? '' } : {}),
      ...(mode !== undefined && type !== 'link' && !isGhost && has(verifies.mode) ? { mode: mode & 0o7777 } : {}),
      ...(user !== undefined && has(verifies.user) ? { user } : {}),
      ...(group !== undefined && has(verifies.group) ? { group } : {}),
      ...(isFile && !isGhost && has(verifies.capabilities) && capabilities.length > 0
        ? { capabilities: capabilities[index] ?? '' }
        : {}),
      ...((bits & (flags.ghost | flags.missingOk)) === 0 ? {} : { mayBeMissing: true }),
    };
  }
}
