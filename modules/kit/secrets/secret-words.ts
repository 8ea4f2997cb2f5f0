/** Marks of secrets in a command line: names of options and variables, typical forms, and programs' own options. */

const words = [
  'pass(?:word|wd|phrase|code)?',
  'pwd?',
  'psk',
  'pin',
  'secrets?',
  'tokens?',
  'jwt',
  'credentials?',
  'creds?',
  'keys?',
  '(?:api|private|access|signing|encryption|license|secret)keys?',
  'sig(?:nature)?',
  'auth(?:orization)?',
  'requirepass',
  'masterauth',
  'bearer',
  'cookie',
  'session(?:[-_]?id)?',
  'otp',
].join('|');
/** Names of options, variables and headers with a secret value: `DB_PASSWORD`, `--api-key`. */
const secretName = new RegExp(`(?:^|[-_.:/])(?:${words})$`, 'i');
/** The same with capitals at word starts: `keyStorePassword`. */
const secretCamelName =
  /[a-z0-9](?:Pass(?:word|wd|phrase|code)?|Pwd|Secrets?|Tokens?|Credentials?|Creds?|Keys?|Auth(?:orization)?)$/;
/** Words that mean a secret after any prefix: `setcookie`. */
const secretEnding = /(?:password|passwd|passphrase|secret|token|credentials?|cookie|apikey)$/i;

export function isSecretName(name: string): boolean {
  return secretName.test(name) || secretCamelName.test(name) || secretEnding.test(name);
}

/** Names whose value is more often the path of a file: `HostKey`. */
const plainKey = /(?<!(?:api|private|access|signing|encryption|license|secret)[-_]?)keys?$/i;
const path = /^["']?(?:\/|~\/|\.{1,2}\/|[A-Za-z]:\\)/;

/** Whether the value of a secret name may be shown. */
export function isHarmlessValue(name: string, value: string): boolean {
  return plainKey.test(name) && path.test(value);
}

/** Secrets recognized by their form alone. */
export const secretForms: readonly RegExp[] = [
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

/** An option of a program whose name does not reveal its password. */
export interface SecretOption {
  /** The program's name without folder and `.exe`. */
  readonly program: RegExp;
  /** The start of the argument; the rest is the password. */
  readonly option: RegExp;
  /** Whether the password may also be the next argument. */
  readonly takesNext: boolean;
}

export const secretOptions: readonly SecretOption[] = [
  { program: /^(?:mysql\w*|mariadb(?:-\w+)*|mariabackup|xtrabackup)$/, option: /^-p/, takesNext: false },
  { program: /^(?:sshpass|mongo\w*|rdesktop|ncftp\w*|user(?:add|mod)|login)$/, option: /^-p/, takesNext: true },
  { program: /^redis-cli$/, option: /^-a/, takesNext: true },
  {
    program: /^curl$/,
    option: /^(?:-[0-9aBfgGiIjklLnNOpqRsSvVZ#]*[uUEb]|--(?:user|proxy-user|cert|cookie)(?:=|$))/,
    takesNext: true,
  },
  { program: /^ldap\w+$/, option: /^-w/, takesNext: true },
  { program: /^(?:smb\w+|rpcclient)$/, option: /^(?:-U|--user(?:=|$))/, takesNext: true },
  { program: /^(?:sqlcmd|osql|bcp|tsql|ipmitool|mosquitto_\w+|zip|unzip)$/, option: /^-P/, takesNext: true },
  { program: /^(?:7z\w*|rar|unrar)$/, option: /^-h?p/, takesNext: false },
  { program: /^[wx]freerdp\d?$/, option: /^\/p:/, takesNext: false },
  { program: /^snmp\w+$/, option: /^-[cAX]/, takesNext: true },
  { program: /^lftp$/, option: /^-u/, takesNext: true },
  { program: /^openssl$/, option: /^-[kK]$/, takesNext: true },
  // These programs take passwords as plain arguments.
  { program: /^(?:htpasswd|wpa_passphrase|sqlplus|impdp|expdp)$/, option: /^(?!-)/, takesNext: false },
];
