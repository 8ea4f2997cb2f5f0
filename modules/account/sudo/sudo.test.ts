/** Who becomes root by sudo, compared with what sudo(8) itself says of the same files. */
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../kit/testing/system-tools.ts';
import { askerOfHost } from '../testing/host.ts';

const reason = whyNoTools('sudo');
const skip = reason === null ? {} : { skip: reason };

const passwd = ['root:x:0:0', 'alice:x:1000:1000', 'bob:x:1001:1000', 'carl:x:1002:27', 'dora:x:1003:5', 'www:x:33:33']
  .map((line) => `${line}::/:/bin/sh\n`)
  .join('');
const group = 'root:x:0:\nsudo:x:27:dora\ndevs:x:1000:carl\nadm:x:4:alice\nwww:x:33:\n';
const users = ['alice', 'bob', 'carl', 'dora'];

function makeSudoHost(sudoers: string, others: Readonly<Record<string, string>> = {}): TestHost {
  const files = { '/etc/passwd': passwd, '/etc/group': group, '/etc/sudoers': sudoers, ...others };
  const host = makeHost(files);
  chmodSync(host.at('/etc/sudoers'), 0o440);
  return host;
}

/** One entry as `sudo -ll` prints it. */
interface Told {
  readonly runas: readonly string[];
  readonly nopasswd: boolean;
  readonly commands: readonly string[];
}

/** By account. */
type ToldByUser = Readonly<Record<string, readonly Told[]>>;

function parseEntry(text: string): Told {
  const listOf = (title: string): string[] =>
    new RegExp(`^    ${title}: (.*)$`, 'm').exec(text)?.[1]?.split(', ') ?? [];
  const commands = text.split('    Commands:\n')[1] ?? '';
  return {
    runas: [...listOf('RunAsUsers'), ...listOf('RunAsGroups').map((name) => name.replace(/^(!?)/, '$1:'))],
    nopasswd: listOf('Options').includes('!authenticate'),
    commands: commands
      .split('\n')
      .filter((line) => line.startsWith('\t'))
      .map((line) => line.trim()),
  };
}

function askSudo(host: TestHost): ToldByUser {
  const mount = `mount --bind '${host.at('/etc/sudoers')}' /etc/sudoers`;
  const asks = users.map((user) => `echo '== ${user}'; sudo -n -ll -U ${user} 2>/dev/null`).join('; ');
  const lines = linesOfTools(host, `${mount} && { ${asks}; true; }`);
  const sections = lines.join('\n').split(/^== /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const [name = ''] = section.split('\n');
      const entries = section.split(/^Sudoers entry:.*$/m).slice(1);
      return [name, entries.map(parseEntry)];
    }),
  );
}

async function askOurs(host: TestHost): Promise<ToldByUser> {
  const { hits } = await askerOfHost(host).ask({ entries: ['sudo'], options: { matchlimit: 0 } });
  const of = (user: string): Told[] =>
    hits
      .filter(({ name }) => name === user)
      .map(({ target, command, tag }) => ({
        runas: target ?? [],
        nopasswd: tag?.includes('nopasswd') ?? false,
        commands: command ?? [],
      }));
  return Object.fromEntries(users.map((user) => [user, of(user)]));
}

const written = `
Defaults env_reset
User_Alias ADM = alice, %devs, !bob
User_Alias ALLADM = ADM, dora
Runas_Alias WEB = www, %adm
Cmnd_Alias SH = /bin/sh, /bin/bash "", !/bin/dash
Cmnd_Alias SAFE = ALL, !SH
Host_Alias HERE = ${hostname()}, nosuchhost
root ALL=(ALL:ALL) ALL
ADM ALL = (root, WEB : adm) NOPASSWD: SH, PASSWD: /bin/ls -l *, (:adm) /bin/id
%sudo ALL=(ALL) ALL, !/bin/su
dora nosuchhost = ALL
dora HERE = () /usr/bin/id : ALL,!HERE = /bin/never
ALLADM ALL = SAFE
ALL ALL = /bin/true
#1001 ALL = (root) /bin/one
%#27 ALL = NOPASSWD: /bin/two
!ALL ALL = /bin/never
ALL, !alice ALL = /bin/notalice
"alice" ALL = sudoedit /etc/motd
nosuchuser ALL = ALL
`;

describe('what sudo lets accounts do', () => {
  it('is what sudo -ll says', skip, async () => {
    const host = makeSudoHost(written);
    assert.deepEqual(await askOurs(host), askSudo(host));
  });

  it('is what sudo -ll says of generated files', skip, async () => {
    const user = fc.constantFrom('alice', 'bob', '%devs', '%sudo', '#1003', '%#1000', 'ADM', 'ALL', 'nobody');
    const command = fc.constantFrom('ALL', 'SH', '/bin/ls', '/bin/ls -l', 'sudoedit /etc/motd');
    const listOf = (one: fc.Arbitrary<string>) =>
      fc
        .array(
          fc.tuple(fc.constantFrom('', '', '!'), one).map((parts) => parts.join('')),
          { minLength: 1, maxLength: 3 },
        )
        .map((all) => all.join(', '));
    const host = listOf(fc.constantFrom('ALL', hostname(), 'nosuchhost', 'HERE'));
    const rule = fc
      .tuple(
        fc.constantFrom('', '(root) ', '(ALL) ', '(www:adm) ', '(:adm) ', '(WEB) '),
        fc.constantFrom('', '', 'NOPASSWD: ', 'PASSWD: '),
        fc.constantFrom('', '', '!'),
        command,
      )
      .map((parts) => parts.join(''));
    const line = fc
      .tuple(listOf(user), host, fc.array(rule, { minLength: 1, maxLength: 3 }))
      .map(([who, where, rules]) => `${who} ${where} = ${rules.join(', ')}`);
    const aliases = fc
      .tuple(listOf(fc.constantFrom('alice', '%devs', 'dora')), listOf(fc.constantFrom('/bin/sh', '/bin/dash', 'ALL')))
      .map(([adm, sh]) => `User_Alias ADM = ${adm}\nCmnd_Alias SH = ${sh}\nRunas_Alias WEB = www, root`);
    const file = fc
      .tuple(aliases, fc.array(line, { minLength: 1, maxLength: 6 }))
      .map(([head, lines]) => `Host_Alias HERE = ${hostname()}\n${head}\n${lines.join('\n')}\n`);
    for (const text of fc.sample(file, { seed: 20_261_130, numRuns: 40 })) {
      const made = makeSudoHost(text);
      assert.deepEqual(await askOurs(made), askSudo(made), text);
    }
  });
});

describe('the ways of an account to become root', () => {
  const cases: readonly (readonly [sudoers: string, name: string, ...ways: string[]])[] = [
    ['alice ALL=(ALL:ALL) ALL', 'alice', 'sudo'],
    ['alice ALL=ALL', 'alice', 'sudo'],
    ['alice ALL=(ALL) NOPASSWD: ALL', 'alice', 'sudo-nopassword'],
    ['alice ALL=(ALL) NOPASSWD: ALL\n%devs ALL=(ALL) ALL', 'alice', 'sudo'],
    ['%devs ALL=(ALL) ALL\nalice ALL=(ALL) NOPASSWD: ALL', 'alice', 'sudo-nopassword'],
    ['%devs ALL=(ALL) ALL\nalice ALL=(ALL) !ALL', 'alice'],
    ['%devs ALL=(ALL) ALL\nalice ALL=(www) !ALL', 'alice', 'sudo'],
    ['alice ALL=(ALL) ALL, !/bin/su', 'alice', 'sudo'],
    ['alice ALL=!ALL, /bin/vi', 'alice', 'sudo-command'],
    ['alice ALL=(www) NOPASSWD: ALL', 'alice'],
    ['alice ALL=(ALL, !root) ALL', 'alice'],
    ['alice ALL=(#0) ALL', 'alice', 'sudo'],
    ['alice ALL=(:adm) ALL', 'alice'],
    ['alice ALL=() ALL', 'alice'],
    ['alice ALL=/bin/vi', 'alice', 'sudo-command'],
    ['alice ALL=NOPASSWD: /bin/vi', 'alice', 'sudo-command-nopassword'],
    ['alice ALL=NOPASSWD: /bin/vi\nalice ALL=ALL', 'alice', 'sudo', 'sudo-command-nopassword'],
    ['Defaults !authenticate\nalice ALL=ALL', 'alice', 'sudo-nopassword'],
    ['Defaults !authenticate\nalice ALL=PASSWD: ALL', 'alice', 'sudo'],
    ['Defaults:alice !authenticate\n%devs ALL=ALL', 'alice', 'sudo-nopassword'],
    ['Defaults:bob !authenticate\n%devs ALL=ALL', 'alice', 'sudo'],
    ['Defaults>root !authenticate\nalice ALL=ALL', 'alice', 'sudo-nopassword'],
    ['Defaults!/bin/vi !authenticate\nalice ALL=/bin/vi -R', 'alice', 'sudo-command-nopassword'],
    ['Defaults!/bin/ !authenticate\nalice ALL=/bin/vi', 'alice', 'sudo-command-nopassword'],
    ['Defaults!/bin/vi !authenticate\nalice ALL=/bin/vi, /bin/ed', 'alice', 'sudo-command'],
    ['Defaults!/bin/vi !authenticate\nalice ALL=ALL', 'alice', 'sudo'],
    ['Cmnd_Alias ED = /bin/vi, /bin/ed\nDefaults!ED !authenticate\nalice ALL=ED', 'alice', 'sudo-command-nopassword'],
    ['Defaults exempt_group=devs\nalice ALL=ALL', 'alice', 'sudo-nopassword'],
    ['Defaults targetpw\nALL ALL=(ALL) ALL', 'alice', 'sudo-rootpassword'],
    ['Defaults rootpw\nalice ALL=/bin/vi', 'alice', 'sudo-rootpassword'],
    ['Defaults runas_default=www\nalice ALL=ALL', 'alice'],
    [`alice ${hostname()}=ALL`, 'alice', 'sudo'],
    ['alice nosuchhost=ALL', 'alice'],
    ['alice 10.0.0.0/8=ALL', 'alice', 'sudo'],
    ['alice ALL=ALL', 'bob'],
  ];
  for (const [sudoers, name, ...ways] of cases)
    it(`${JSON.stringify(sudoers)}: ${name} ${ways.join(' ') || 'none'}`, async () => {
      const { ask } = askerOfHost(makeSudoHost(`${sudoers}\n`));
      const { hits } = await ask({ entries: ['account'], names: [`^${name}$`] });
      assert.deepEqual(hits[0]?.root, ways);
    });
});

describe('the rows of sudo', () => {
  it('have the file and line of the rule, and by which member it lets in', async () => {
    const host = makeSudoHost(
      '# one\n\nADM \\\n ALL=(ALL) NOPASSWD: ALL\nUser_Alias ADM = %devs\n@includedir sudoers.d\n',
      {
        '/etc/sudoers.d/10-web': 'alice ALL=(www) /bin/x\n@include ../more/extra.conf\n',
        '/etc/sudoers.d/hidden.conf': 'alice ALL=/bin/hidden\n',
        '/etc/sudoers.d/backup~': 'alice ALL=/bin/backup\n',
        '/etc/more/extra.conf': 'alice ALL=/bin/extra --password hunter2\n',
      },
    );
    const { hits, receipt } = await askerOfHost(host).ask({ entries: ['sudo'], names: ['^alice$'] });
    assert.deepEqual(
      hits.map(({ way, command, path, line }) => [way, command, path?.slice(host.root.length), line]),
      [
        [['sudo:%devs'], ['ALL'], '/etc/sudoers', 3],
        [['sudo:alice'], ['/bin/x'], '/etc/sudoers.d/10-web', 1],
        [['sudo:alice'], ['/bin/extra --password <redacted>'], '/etc/more/extra.conf', 1],
      ],
    );
    assert.deepEqual(
      receipt.sources?.filter(({ kind }) => kind === 'sudoers').map(({ entries, complete }) => [entries, complete]),
      [
        [1, true],
        [2, true],
        [3, true],
      ],
    );
  });

  it('are found in files whose names have letters with marks and the name of the host', async () => {
    const [name = ''] = hostname().split('.');
    const host = makeSudoHost('@include "/etc/sudoers.d/Zürich %h"\n', {
      [`/etc/sudoers.d/Zürich ${name}`]: 'alice ALL=ALL\n',
    });
    const { hits } = await askerOfHost(host).ask({ entries: ['sudo'] });
    assert.deepEqual(
      hits.map(({ path }) => path?.slice(host.root.length)),
      [`/etc/sudoers.d/Zürich ${name}`],
    );
  });

  it('name users and groups that are in no file of this host', async () => {
    const host = makeSudoHost('+ops, %domain\\ admins, %:win, far, #4711, alice ALL=(ALL) NOPASSWD: ALL\n');
    const { hits } = await askerOfHost(host).ask({ roots: ['sudo-nopassword'], uids: ['1000'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['alice', 'alice'],
    );
    const strangers = await askerOfHost(host).ask({ entries: ['sudo'], names: ['!^alice$'] });
    assert.deepEqual(
      strangers.hits.map(({ name, root }) => [name, root]),
      ['+ops', '%domain admins', '%:win', 'far', '#4711'].map((name) => [name, ['sudo-nopassword']]),
    );
  });

  it('leave out a malformed line and say so', async () => {
    const host = makeSudoHost('alice ALL=\nbob ALL=ALL\n');
    const { hits, receipt } = await askerOfHost(host).ask({ entries: ['sudo'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['bob'],
    );
    assert.equal(receipt.sources?.find(({ kind }) => kind === 'sudoers')?.complete, false);
  });

  it('end where files include each other', async () => {
    const host = makeSudoHost('@include sudoers\nalice ALL=ALL\n');
    const { hits, receipt } = await askerOfHost(host).ask({ entries: ['sudo'], options: { matchlimit: 0 } });
    assert.equal(hits.length, 129);
    assert.ok(receipt.sources?.some(({ complete }) => !complete));
  });

  for (const [what, lines] of [
    ['double at each step', Array.from({ length: 60 }, (_, at) => `User_Alias A${at} = A${at + 1}, A${at + 1}`)],
    ['are nested too deeply', Array.from({ length: 300 }, (_, at) => `User_Alias A${at} = A${at + 1}`)],
    ['stand for too many', [`User_Alias A0 = ${Array.from({ length: 10_001 }, (_, at) => `u${at}`).join(', ')}`]],
  ] as const)
    it(`end where aliases ${what}, and say so`, { timeout: 20_000 }, async () => {
      const host = makeSudoHost(`${lines.join('\n')}\nA0 ALL=(ALL) ALL\n`);
      const { receipt } = await askerOfHost(host).ask({ entries: ['sudo'], options: { matchlimit: 0 } });
      assert.ok(receipt.sources?.some(({ kind, complete }) => kind === 'sudoers' && !complete));
    });

  it('pass over circles of aliases', async () => {
    const host = makeSudoHost('User_Alias A = B, alice\nUser_Alias B = A\nA ALL=(ALL) ALL\n');
    const { hits, receipt } = await askerOfHost(host).ask({ entries: ['sudo'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['alice'],
    );
    assert.ok(receipt.sources?.every(({ kind, complete }) => kind !== 'sudoers' || complete));
  });

  it('are there for rules of polkit and for directories, which are named and not asked', async () => {
    const host = makeSudoHost('', {
      '/etc/polkit-1/rules.d/49-nopasswd.rules': 'polkit.addRule(function() {});',
      '/etc/polkit-1/rules.d/readme': '',
      '/var/lib/polkit-1/localauthority/50-local.d/x.pkla': '',
      '/etc/nsswitch.conf': 'passwd: files systemd [NOTFOUND=return] sss # ldap\nhosts: dns\nsudoers: files ldap\n',
    });
    const { hits } = await askerOfHost(host).ask({ entries: ['polkit', 'elsewhere'] });
    assert.deepEqual(
      hits.map(({ entry, name, line }) => [entry, name, line]),
      [
        ['polkit', '49-nopasswd.rules', undefined],
        ['polkit', 'x.pkla', undefined],
        ['elsewhere', 'passwd:sss', 1],
        ['elsewhere', 'sudoers:ldap', 3],
      ],
    );
  });
});
