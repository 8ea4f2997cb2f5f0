/** Parsed sudoers files, compared with what cvtsudoers(1) makes of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { whyNoTools } from '../testing/system-tools.ts';
import { SudoersParser } from './parse.ts';
import type { CommandRule, Member, Statement } from './syntax.ts';

const reason = whyNoTools('cvtsudoers');
const skip = reason === null ? {} : { skip: reason };

/** A member as cvtsudoers writes it. */
type Told = Readonly<Record<string, string | number | boolean>>;

function toTold({ kind, text, isNegated }: Member, of: 'user' | 'runas' | 'host' | 'command' | 'group'): Told {
  const names = {
    user: 'useralias',
    runas: 'runasalias',
    host: 'hostalias',
    command: 'cmndalias',
    group: 'runasalias',
  };
  const negated = isNegated ? { negated: true } : {};
  const plain = { user: 'username', runas: 'username', host: 'hostname', command: 'command', group: 'usergroup' }[of];
  const number = of === 'group' ? null : /^(:?)#(\d+)$/.exec(text);
  switch (kind) {
    case 'all':
      return { [plain]: 'ALL', ...negated };
    case 'alias':
      return { [names[of]]: text, ...negated };
    case 'netgroup':
      return { netgroup: text, ...negated };
    case 'address':
      return { networkaddr: text, ...negated };
    case 'command':
      return { command: text, ...negated };
    case 'group': {
      if (text.startsWith(':') && number === null) return { nonunixgroup: text.slice(1), ...negated };
      if (text.startsWith(':')) return { nonunixgid: Number(number?.[2]), ...negated };
      return number === null ? { usergroup: text, ...negated } : { usergid: Number(number[2]), ...negated };
    }
    case 'user':
      return of === 'user' || of === 'runas'
        ? number === null
          ? { username: text, ...negated }
          : { userid: Number(number[2]), ...negated }
        : { [plain]: text, ...negated };
  }
}

interface ToldRule {
  readonly users: readonly Told[];
  readonly hosts: readonly Told[];
  readonly runasusers: readonly Told[] | undefined;
  readonly runasgroups: readonly Told[] | undefined;
  readonly authenticate: boolean | undefined;
  readonly command: Told;
}

const Members = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])));
/** `env_keep += A` */
type ToldSetting = readonly [operator: string, name: string, value: unknown];

interface ToldDefaults {
  readonly binding: readonly Told[];
  readonly settings: readonly ToldSetting[];
}

const ToldOption = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

function toToldSetting({ operation, ...option }: z.infer<typeof ToldOption>): ToldSetting {
  const [[name, value] = ['', false]] = Object.entries(option);
  const operator = operation === 'list_add' ? '+=' : operation === 'list_remove' ? '-=' : '=';
  return [operator, name, Array.isArray(value) ? value.join(' ') : typeof value === 'number' ? String(value) : value];
}

const Theirs = z.object({
  Defaults: z
    .array(
      z.object({
        Binding: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).default([]),
        Options: z.array(ToldOption),
      }),
    )
    .default([]),
  User_Aliases: z.record(z.string(), Members).default({}),
  Runas_Aliases: z.record(z.string(), Members).default({}),
  Host_Aliases: z.record(z.string(), Members).default({}),
  Command_Aliases: z.record(z.string(), Members).default({}),
  User_Specs: z
    .array(
      z.object({
        User_List: Members,
        Host_List: Members,
        Cmnd_Specs: z.array(
          z.object({
            runasusers: Members.optional(),
            runasgroups: Members.optional(),
            Options: z.array(z.unknown()).default([]),
            Commands: Members,
          }),
        ),
      }),
    )
    .default([]),
});

function withoutDigest(told: Told): Told {
  return Object.fromEntries(Object.entries(told).filter(([key]) => !key.startsWith('sha')));
}

interface ToldFile {
  readonly rules: readonly ToldRule[];
  readonly aliases: Readonly<Record<string, readonly Told[]>>;
  readonly defaults: readonly ToldDefaults[];
}

function theirs(text: string): ToldFile | null {
  const { status, stdout } = spawnSync('cvtsudoers', ['-f', 'json', '-'], { input: Buffer.from(text, 'latin1') });
  if (status !== 0) return null;
  const parsed = Theirs.parse(JSON.parse(stdout.toString('utf8').trim() || '{}'));
  const Authenticate = z.object({ authenticate: z.boolean() });
  return {
    rules: parsed.User_Specs.flatMap(({ User_List, Host_List, Cmnd_Specs }) =>
      Cmnd_Specs.flatMap(({ runasusers, runasgroups, Options, Commands }) =>
        Commands.map((command) => ({
          users: User_List,
          hosts: Host_List,
          runasusers,
          runasgroups,
          authenticate: Options.flatMap((one) => Authenticate.safeParse(one).data?.authenticate ?? [])[0],
          command: withoutDigest(command),
        })),
      ),
    ),
    defaults: parsed.Defaults.map(({ Binding, Options }) => ({
      binding: Binding,
      settings: Options.map(toToldSetting),
    })),
    aliases: {
      ...parsed.User_Aliases,
      ...parsed.Runas_Aliases,
      ...parsed.Host_Aliases,
      ...Object.fromEntries(
        Object.entries(parsed.Command_Aliases).map(([name, members]) => [name, members.map(withoutDigest)]),
      ),
    },
  };
}

function toRunas({ users, groups }: CommandRule): Pick<ToldRule, 'runasusers' | 'runasgroups'> {
  return {
    // cvtsudoers writes the user alone as an empty name.
    runasusers: users?.length === 0 ? [{ username: '' }] : users?.map((member) => toTold(member, 'runas')),
    runasgroups: groups?.map((member) => toTold(member, 'group')),
  };
}

const operators = { on: '=', off: '=', set: '=', add: '+=', remove: '-=' } as const;

function ours(text: string): ToldFile & { readonly isMalformed: boolean } {
  const statements: Statement[] = [...new SudoersParser(text, '/etc/sudoers').statements()];
  return {
    rules: statements.flatMap((one) =>
      one.kind !== 'rule'
        ? []
        : one.commands.map((rule) => ({
            users: one.users.map((member) => toTold(member, 'user')),
            hosts: one.hosts.map((member) => toTold(member, 'host')),
            ...toRunas(rule),
            authenticate: rule.tags.passwd,
            command: toTold(rule.command, 'command'),
          })),
    ),
    aliases: Object.fromEntries(
      statements.flatMap((one) =>
        one.kind === 'alias' ? [[one.name, one.members.map((member) => toTold(member, one.aliasOf))]] : [],
      ),
    ),
    defaults: statements.flatMap((one) =>
      one.kind !== 'defaults'
        ? []
        : {
            binding: one.members.map((member) => toTold(member, one.scope === 'all' ? 'user' : one.scope)),
            settings: one.settings.map((setting): ToldSetting => {
              const value = 'value' in setting ? setting.value : setting.kind === 'on';
              return [operators[setting.kind], setting.name, value];
            }),
          },
    ),
    isMalformed: statements.some(({ kind }) => kind === 'malformed'),
  };
}

function compare(text: string): void {
  const expected = theirs(text);
  const { isMalformed, ...found } = ours(text);
  assert.equal(isMalformed, expected === null, text);
  if (expected !== null) assert.deepEqual(found, expected, text);
}

const written = String.raw`
Defaults env_reset, !authenticate
Defaults:alice,%wheel !requiretty
Defaults>root timestamp_timeout=5
Defaults@web1 mail_badpass
Defaults!/bin/ls,/bin/cat noexec
Defaults secure_path="/usr/sbin:/usr/bin", env_keep += "A B"
Defaults	badpass_message = word\,with\=escapes
Defaults!/bin/ls env_keep -= "A", env_check=X, !env_delete, passwd_tries = 3
Defaults logfile=/var/log/sudo.log , use_pty,!!insults
User_Alias ADM = alice, %sudo, !bob : OPS = #1000, %#27, "quoted name", "%two words", +net, %:win, %:#12, "%:dom\\grp"
Host_Alias WEB = web1, 10.0.0.0/8, !web2, fe80::1, fe80::/64, 10.0.0.0/255.0.0.0, +hosts
Runas_Alias OP = root, www-data, #33, %adm
Cmnd_Alias SH = /bin/sh, /bin/bash "", /usr/bin/systemctl restart nginx\, x, sudoedit /etc/hosts, /usr/local/bin/
Cmd_Alias ALLBUT = ALL, !SH, !!/bin/ed
root ALL=(ALL:ALL) ALL
ADM, OPS WEB, !web9 = (OP : adm) NOPASSWD: SETENV: SH, PASSWD: /bin/ls -l *, (:adm) /bin/id : ALL = NOPASSWD: ALLBUT
u\ v ALL = sha256:Lw8dKlCXB6MIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= /bin/cat
u\x41 ALL = /bin/cat
carl ALL = (root) TIMEOUT=10 NOEXEC: /bin/vi, \
  /bin/ed
dora ALL = (ALL) ALL, !/bin/su
erin ALL = () /bin/x, (:) /bin/y
frank ALL = ^/bin/(ls|cat)$ ^-[la]+$, /bin/grep ^[a-z]+$
gina ALL = /bin/a b=c d\:e\\f g\=h \*  i    j, /bin/k # comment
hal ALL = /bin/l#comment
!ivy,!!jim ALL=ALL
#1000 ALL = ALL
  kim	ALL = ALL
ALL ALL = NOPASSWD : /bin/true
lee@example.org ALL = ALL
m-n.o_p ALL = ALL
`;

describe('a sudoers file has the rules that cvtsudoers reads', () => {
  for (const line of written.split(/(?<!\\)\n/).filter((text) => text !== ''))
    it(JSON.stringify(line).slice(0, 70), skip, () => compare(`${line}\n`));

  const malformed = [
    'alice ALL',
    'alice = ALL',
    'alice ALL=',
    'alice ALL=ls',
    'alice ALL=(root ALL',
    'alice ALL=(root) NOPASSWD ALL',
    'User_Alias adm = x',
    'User_Alias ADM',
    'User_Alias ADM = ',
    'alice, ALL=ALL',
    '% ALL=ALL',
    '+ ALL=ALL',
    '"" ALL=ALL',
    '"open ALL=ALL',
    'alice ALL=ALL ALL',
    'alice ALL=/bin/ls \\q',
    'Defaults =x',
    'Defaults:alice',
    'alice ALL = TIMEOUT ALL',
    ') ALL=ALL',
    'erin ALL=(root:) ALL',
  ];
  for (const line of malformed)
    it(`and none in ${JSON.stringify(line)}`, skip, () => {
      const found = ours(`${line}\nroot ALL=ALL\n`);
      assert.equal(theirs(`${line}\n`), null);
      assert.equal(found.isMalformed, true);
      assert.equal(found.rules.length, 1);
    });

  it('as a whole', skip, () => compare(written));
});

describe('generated sudoers files', () => {
  const name = fc.constantFrom('alice', 'bob', 'root', 'u\\ v', '"two words"', '#0', '#1000', 'x@y', 'a\\,b');
  const user = fc.oneof(name, fc.constantFrom('%wheel', '%#27', '%:win', '+net', 'ADM', 'ALL', '"%big group"'));
  const host = fc.constantFrom('ALL', 'web1', 'WEB', '10.1.2.3', '10.0.0.0/8', 'fe80::/10', '+hosts', 'w*.example.org');
  const command = fc.constantFrom(
    'ALL',
    'SH',
    '/bin/ls',
    '/bin/ls -l',
    '/bin/sh ""',
    '/usr/bin/x a\\,b \\= *',
    'sudoedit /etc/motd',
    '/opt/',
  );
  const not = fc.constantFrom('', '', '', '!', '!!', '! ');
  const listOf = (one: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> =>
    fc
      .array(
        fc.tuple(not, one).map(([sign, text]) => sign + text),
        { minLength: 1, maxLength: most },
      )
      .chain((members) => fc.constantFrom(', ', ',', ' , ', ',\\\n ').map((comma) => members.join(comma)));
  const runas = fc.oneof(
    fc.constant(''),
    fc
      .tuple(listOf(name, 2), listOf(fc.constantFrom('adm', 'ALL', '#4'), 2), fc.integer({ min: 0, max: 4 }))
      .map(
        ([users, groups, form]) =>
          [`(${users})`, `(${users} : ${groups})`, `(:${groups})`, '()', `(${users}:)`][form] ?? '',
      ),
  );
  const tags = fc
    .subarray(['NOPASSWD:', 'PASSWD :', 'SETENV:', 'NOEXEC:', 'LOG_INPUT:', 'NOMAIL:', 'FOLLOW:'], { maxLength: 3 })
    .map((all) => all.join(' '));
  const rule = fc.tuple(runas, tags, not, command).map((parts) => parts.join(' '));
  const rules = fc.array(rule, { minLength: 1, maxLength: 4 }).map((all) => all.join(', '));
  const privilege = fc.tuple(listOf(host), rules).map(([hosts, all]) => `${hosts} = ${all}`);
  const privileges = fc.array(privilege, { minLength: 1, maxLength: 2 }).map((all) => all.join(' : '));
  const line = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(listOf(user), privileges).map(([users, all]) => `${users} ${all}`) },
    { weight: 1, arbitrary: listOf(user).map((all) => `User_Alias ADM = ${all}`) },
    { weight: 1, arbitrary: listOf(command).map((all) => `Cmnd_Alias SH = ${all}`) },
    { weight: 1, arbitrary: fc.constantFrom('# comment', '', 'Defaults:alice !lecture', 'Defaults env_reset') },
  );

  it('have the rules that cvtsudoers reads', skip, () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        const expected = theirs(text);
        // Two aliases of the same name are an error there.
        if (expected === null) return;
        const { isMalformed, ...found } = ours(text);
        assert.equal(isMalformed, false);
        assert.deepEqual(found, expected);
      }),
      { numRuns: 150 },
    );
  });

  it('end, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aA1/!%+#"\\,:=() \t\n@'), maxLength: 200 }), (text) => {
        for (const statement of new SudoersParser(text, '/x').statements()) assert.ok(statement.line > 0);
      }),
    );
  });
});
