/** The scheme of a password hash by its form. @see crypt(5) */

export const schemes = [
  'yescrypt',
  'gost-yescrypt',
  'scrypt',
  'bcrypt',
  'sha512',
  'sha256',
  'sha1',
  'sunmd5',
  'md5',
  'nt',
  'bsdi',
  'des',
  'bigcrypt',
  'other',
] as const;

export type Scheme = (typeof schemes)[number];

const forms: readonly (readonly [Scheme, RegExp])[] = [
  ['yescrypt', /^\$y\$[./\w]+\$[./\w]{0,86}\$[./\w]{43}$/],
  ['gost-yescrypt', /^\$gy\$[./\w]+\$[./\w]{0,86}\$[./\w]{43}$/],
  ['scrypt', /^\$7\$[./\w]{11,97}\$[./\w]{43}$/],
  ['bcrypt', /^\$2[abxy]?\$\d\d\$[./\w]{53}$/],
  ['sha512', /^\$6\$(?:rounds=\d+\$)?[^$:]{0,16}\$[./\w]{86}$/],
  ['sha256', /^\$5\$(?:rounds=\d+\$)?[^$:]{0,16}\$[./\w]{43}$/],
  ['sha1', /^\$sha1\$\d+\$[./\w]{0,64}\$[./\w]{28}$/],
  ['sunmd5', /^\$md5(?:,rounds=\d+)?\$[./\w]{0,16}\${1,2}[./\w]{22}$/],
  ['md5', /^\$1\$[^$:]{0,8}\$[./\w]{22}$/],
  ['nt', /^\$3\$\$?[\da-f]{32}$/],
  ['bsdi', /^_[./\w]{19}$/],
  ['des', /^[./\w]{13}$/],
  // Pieces of eight letters, 11 characters each, behind the salt of two.
  ['bigcrypt', /^[./\w]{2}(?:[./\w]{11}){2,16}$/],
  ['other', /^\$[\w,=-]+\$.+$/],
];

/** Null for a text that no password has as its hash. */
export function toScheme(hash: string): Scheme | null {
  return forms.find(([, form]) => form.test(hash))?.[0] ?? null;
}

const weak: ReadonlySet<Scheme> = new Set(['sha1', 'sunmd5', 'md5', 'nt', 'bsdi', 'des', 'bigcrypt']);
const leastCost = 8;
/** The number of rounds without a number in the hash. */
const usualRounds = 5000;

/** Whether today's hardware tries passwords against it far too fast. */
export function isWeakHash(hash: string, scheme: Scheme): boolean {
  if (scheme === 'bcrypt') return !/^\$2[aby]\$/.test(hash) || Number(hash.slice(4, 6)) < leastCost;
  const [, rounds = usualRounds] = /^\$[56]\$rounds=(\d+)\$/.exec(hash) ?? [];
  return weak.has(scheme) || Number(rounds) < usualRounds;
}
