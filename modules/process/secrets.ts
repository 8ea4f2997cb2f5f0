/**
 * Command lines hold passwords and keys: what looks like one is matched on the host but never leaves it. In doubt an
 * argument is taken for a secret.
 */

const redacted = '<redacted>';

const secretWords = [
  'pass(?:word|wd|phrase|code)?',
  'pwd',
  'secrets?',
  'tokens?',
  'credentials?',
  'creds?',
  '(?:api|private|access|signing|encryption|license|secret)[-_]?keys?',
  'auth(?:orization)?',
  'bearer',
  'cookie',
  'session(?:[-_]?id)?',
  'otp',
].join('|');
/** Names of options, variables and headers whose value is a secret: `DB_PASSWORD`, `--api-key`. */
const secretName = new RegExp(`(?:^|[-_.:/])(?:${secretWords})$`, 'i');
/** The same where words begin with a capital: `keyStorePassword`. */
const secretCamelName =
  /[a-z0-9](?:Pass(?:word|wd|phrase|code)?|Pwd|Secrets?|Tokens?|Credentials?|Creds?|(?:Api|Private|Access|Secret)?Keys?|Auth(?:orization)?)$/;

/** Words that mean a secret whatever stands before them: `setcookie`. */
const secretEnding = /(?:password|passwd|passphrase|secret|token|credentials?|cookie|apikey)$/i;

function isSecretName(name: string): boolean {
  return secretName.test(name) || secretCamelName.test(name) || secretEnding.test(name);
}

/** Secrets that are known by their form alone. */
const secretForms: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[a-z]-[A-Za-z0-9-]{10,}/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bAIza[0-9A-Za-z_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)?/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\$(?:1|2[aby]?|5|6|y)\$[./A-Za-z0-9$]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g,
];

/** `scheme://user:password@host`: only the password is taken out. */
const passwordInUrl = /([a-z][a-z0-9+.-]{0,31}:\/\/[^\s/:@]{0,256}:)[^\s/@]+(@)/gi;
const bearer = /\b((?:Bearer|Basic|Token|Digest)\s+)\S+/gi;
/** `name=value` and `Name: value` anywhere in an argument. All that repeats has a bound, or hostile text takes hours. */
const assignment = /([A-Za-z_][\w.-]{0,63})(\s{0,8}[=:]\s{0,8})("[^"]*"|'[^']*'|[^\s&;,]+)/g;
/** An option whose next argument is its value. */
const option = /^-{1,2}[A-Za-z][\w.-]*$/;
/** Programs whose `-p` may have a password right behind it. */
const passwordPrograms: Readonly<Record<string, RegExp>> = {
  mysql: /^-p(?=.)/,
  mysqldump: /^-p(?=.)/,
  mysqladmin: /^-p(?=.)/,
  mariadb: /^-p(?=.)/,
  sshpass: /^-p(?=.)/,
};
/** Programs with options of their own that a password follows. */
const passwordOptions: Readonly<Record<string, readonly string[]>> = {
  sshpass: ['-p'],
  'redis-cli': ['-a'],
  curl: ['-u', '--user', '-U', '--proxy-user'],
  wget: ['--user'],
  ldapsearch: ['-w'],
  ldapmodify: ['-w'],
  smbclient: ['-U'],
  mongo: ['-p'],
  mongosh: ['-p'],
  sqlcmd: ['-P'],
};

/** Runs of letters and digits as random as a key: long, of several kinds, and hardly repeating. */
function looksRandom(word: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(word)) return true;
  if (word.length < 24 || !/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/[0-9]/.test(word)) return false;
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits > 3.5;
}

function redactForms(text: string): string {
  const known = secretForms.reduce((rest, form) => rest.replace(form, redacted), text);
  return known
    .replace(passwordInUrl, `$1${redacted}$2`)
    .replace(bearer, `$1${redacted}`)
    .replace(assignment, (whole, name: string, sign: string) =>
      isSecretName(name) ? `${name}${sign}${redacted}` : whole,
    )
    .replace(/[A-Za-z0-9+_=-]{24,}/g, (word) => (looksRandom(word) ? redacted : word));
}

function programOf(list: readonly string[]): string {
  const path = list[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The arguments of a command line without what looks like a secret. */
export function redactArguments(list: readonly string[]): string[] {
  const program = programOf(list);
  const glued = passwordPrograms[program];
  const own = passwordOptions[program] ?? [];
  return list.map((text, index) => {
    const before = list[index - 1] ?? '';
    const isGlued = (one: string): boolean => glued?.test(one) === true;
    const namesSecret = own.includes(before) || (option.test(before) && isSecretName(before) && !isGlued(before));
    if (index > 0 && namesSecret) return redacted;
    if (index > 0 && isGlued(text)) return `${text.slice(0, 2)}${redacted}`;
    return redactForms(text);
  });
}
