/** Who gets into a machine, and who becomes root there. */
import { defineListing } from '../kit/listing/define-listing.ts';
import { age, choice, number, path, text, time } from '../kit/listing/kinds.ts';
import { texts, words } from '../kit/listing/lists.ts';
import { toSearchOfSshkey } from './former-sshkey.ts';
import { schemes } from './password/scheme.ts';
import { verdicts } from './password/verdict.ts';
import { sudoTags, sudoWays } from './sudo/policy.ts';

/** Columns whose values are in a protected file. */
export const passwordColumns = [
  'password',
  'scheme',
  'changed',
  'expires',
  'inactive',
  'ends',
  'minage',
  'maxage',
  'warnage',
  'admin',
] as const;

export const module = defineListing({
  name: 'account',
  summary: 'Who gets in here, and who becomes root?',
  platforms: ['linux'],
  needs: ['files'],
  things: 'entries',
  former: { modules: { sshkey: { toSearch: toSearchOfSshkey } } },
  columns: {
    entry: {
      kind: choice(['account', 'group', 'sudo', 'key', 'privatekey', 'ca', 'trust', 'login', 'polkit', 'elsewhere']),
      help: 'What it is; elsewhere: decides who gets in or becomes root, but is in no file of this machine.',
      discloses: 'names',
      line: 'head',
    },
    name: {
      kind: text,
      help: 'Name of the account, group or file.',
      discloses: 'names',
      line: 'head',
      example: '^deploy$',
    },
    uid: { kind: number, help: 'Number of the account.', example: '0' },
    gid: { kind: number, help: 'Number of the group, or of the primary group.', example: '0' },
    kind: {
      kind: choice(['person', 'system']),
      help: 'Whether the number is one of those that the machine gives to persons.',
    },
    shell: { kind: text, help: 'What is started at login.', example: '!/(nologin|false)$' },
    home: { kind: text, help: 'Home folder.', example: '^/(tmp|dev|var/tmp)' },
    group: { kind: texts, help: 'Groups of the account, the primary one first.', example: '^docker$' },
    member: { kind: texts, help: 'Accounts that the line of the group names.', example: '^www-data$' },
    admin: { kind: texts, help: 'Accounts that may change the members of the group.', example: '.' },
    root: {
      kind: words(['uid0', 'group', ...sudoWays]),
      help: 'How the account becomes root: it is root, is in a group that is as good as root, or by sudo; with the password of root; some commands only.',
    },
    way: {
      kind: texts,
      help: 'By what it becomes root: uid:0, group:docker, sudo:%admins.',
      example: '^group:(docker|lxd)$',
    },
    target: {
      kind: texts,
      help: 'Accounts, and groups behind a colon, as which sudo runs the commands.',
      example: '^www-data$',
    },
    command: {
      kind: texts,
      help: 'Commands that sudo runs; those behind ! it does not.',
      example: '/(vim?|less|find)( |$)',
    },
    tag: { kind: words(sudoTags), help: 'How sudo runs them; somehosts: on hosts that cannot be told from this one.' },
    password: { kind: words(verdicts), help: 'What is to be said of the password.', example: 'none' },
    scheme: { kind: choice(schemes), help: 'How the password is hashed.', example: 'md5' },
    changed: { kind: time, help: 'When the password was changed.', example: '>365d' },
    expires: { kind: time, help: 'When the password expires.' },
    inactive: { kind: time, help: 'When the expired password ends to work.' },
    ends: { kind: time, help: 'When the account ends.' },
    minage: { kind: age, help: 'Time between two changes of the password.', example: '<1d' },
    maxage: { kind: age, help: 'Time after which the password expires.', example: '>365d' },
    warnage: { kind: age, help: 'Time of warnings before it expires.', example: '<7d' },
    fingerprint: {
      kind: text,
      help: 'SHA-256 fingerprint of a key, as ssh-keygen prints it.',
      discloses: 'names',
      example: '^SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8$',
    },
    md5: { kind: text, help: 'MD5 fingerprint of a key.', example: '^MD5:16:27:ac:a5:76:28:2d:36' },
    keytype: { kind: text, help: 'Type of a key.', example: '^ssh-(dss|rsa)' },
    keysize: { kind: number, help: 'Size of a key.', unit: 'bits', example: '<2048' },
    keyoption: { kind: texts, help: 'Options of a key that lets in.', example: '!^from=' },
    passphrase: {
      kind: choice(['yes', 'no']),
      help: 'Whether a private key asks for a passphrase.',
      example: 'no',
    },
    seen: {
      kind: choice(['yes', 'never']),
      help: 'Whether a login of the account is recorded.',
      example: 'never',
    },
    login: { kind: time, help: 'When it logged in last.', example: '>90d' },
    from: { kind: text, help: 'Host from which it did, as it was recorded.', example: '^203\\.0\\.113\\.' },
    subuid: { kind: texts, help: 'Ranges of user numbers that it may hand out.', example: '^100000-' },
    subgid: { kind: texts, help: 'Ranges of group numbers that it may hand out.', example: '^100000-' },
    path: { kind: path, help: 'File that says so.', line: 'detail', example: '^/etc/passwd$' },
    line: { kind: number, help: 'Line of that file.' },
  },
  key: ['entry', 'name', 'fingerprint'],
  examples: [
    {
      command: "mig account -t all -root uid0 -name '!^root$'",
      says: 'finds accounts that are root under another name.',
    },
    {
      command: 'mig account -t all -password none -password weak',
      says: 'finds accounts without a password, or with a bad hash.',
    },
    {
      command: 'mig account -t all -entry sudo -tag nopasswd',
      says: 'lists what runs by sudo without a password, and which line says so.',
    },
    {
      command: "mig account -t all -entry key -keytype '^ssh-(dss|rsa)' -keysize '<2048'",
      says: 'finds old keys that still let in.',
    },
    {
      command: 'mig account -t all -entry privatekey -passphrase no',
      says: 'finds private keys that anybody can use who reads the file.',
    },
    { command: "mig account -t all -way '^group:docker$'", says: 'lists who becomes root by the group docker.' },
    {
      command: 'mig account -t all -kind person -stack name',
      says: 'counts the machines that know each person, the rarest first.',
    },
  ],
});
