/** `sudo:`, compared with what sudo(8) itself says of the same files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost, type TestHost } from '../../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../../kit/testing/system-tools.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';
import { defaultsNames } from './names.ts';

const reason = whyNoTools('sudo', 'visudo');
const skip = reason === null ? {} : { skip: reason };

const passwd = ['root:x:0:0', 'alice:x:1000:1000', 'bob:x:1001:1000', 'carl:x:1002:27']
  .map((line) => `${line}::/:/bin/sh\n`)
  .join('');
const group = 'root:x:0:\nsudo:x:27:bob\ndevs:x:1000:carl\n';

function makeSudoHost(sudoers: string, others: Readonly<Record<string, string>> = {}): TestHost {
  const host = makeHost({ '/etc/passwd': passwd, '/etc/group': group, '/etc/sudoers': sudoers, ...others });
  chmodSync(host.at('/etc/sudoers'), 0o440);
  return host;
}

async function judge(host: TestHost, ...settings: readonly string[]) {
  const { ask } = askerOf(module, runBelow(host.root));
  const { hits } = await ask({ settings: [...settings], options: { verdicts: true, matchlimit: 0 } });
  return hits.map(({ holds, now, from }) => ({
    holds,
    now: Array.isArray(now) ? [...now] : now,
    from: from === undefined ? undefined : `${from.path.slice(host.root.length)}:${from.line}`,
  }));
}

describe('what sudoers files set', () => {
  const files = {
    '/etc/sudoers.d/10-audit': 'Defaults logfile="/var/log/sudo.log", !use_pty\nDefaults:%devs timestamp_timeout=0\n',
    '/etc/sudoers.d/90-pty': 'Defaults use_pty\nDefaults use_pty=1\n',
    '/etc/sudoers.d/old.bak': 'Defaults use_pty, !use_pty\n',
  };
  const main = `Defaults env_reset, timestamp_timeout = 15, env_keep += "LANG LD_PRELOAD", env_check = "A B"
Defaults env_check += C, env_check -= A, passwd_tries=1, !passwd_tries, !mailto, lecture, umask=0022
Defaults@nosuchhost requiretty
Defaults@${hostname()} insults, logfile=relative
Defaults:bob !env_keep
Defaults>www noexec
Defaults!/bin/vi log_output
Defaults syslog=authpriv,syslog=local2, !lecture_file, env_delete -= X
@includedir /etc/sudoers.d
`;
  for (const [setting, holds, now, from] of [
    ['sudo:use_pty = yes', 'yes', 'yes', '/etc/sudoers.d/90-pty:1'],
    ['sudo:env_reset = no', 'no', 'yes', '/etc/sudoers:1'],
    ['sudo:logfile = /var/log/sudo.log', 'yes', '/var/log/sudo.log', '/etc/sudoers.d/10-audit:1'],
    ['sudo:timestamp_timeout <= 15', 'yes', ['0 (user %devs)', '15'], '/etc/sudoers.d/10-audit:2'],
    ['sudo:timestamp_timeout < 15', 'unknown', ['0 (user %devs)', '15'], '/etc/sudoers.d/10-audit:2'],
    ['sudo[user=bob]:timestamp_timeout = 0', 'yes', '0', '/etc/sudoers.d/10-audit:2'],
    ['sudo[user=carl]:timestamp_timeout = 15', 'no', '0', '/etc/sudoers.d/10-audit:2'],
    ['sudo[user=root]:timestamp_timeout = 15', 'yes', '15', '/etc/sudoers:1'],
    [
      'sudo[user=alice@example.org]:timestamp_timeout = 0',
      'unknown',
      ['0 (user %devs)', '15'],
      '/etc/sudoers.d/10-audit:2',
    ],
    ['sudo[user=alice]:env_keep = LD_PRELOAD', 'yes', ['LANG', 'LD_PRELOAD'], '/etc/sudoers:1'],
    ['sudo[user=alice]:env_keep = PATH', 'unknown', ['LANG', 'LD_PRELOAD'], '/etc/sudoers:1'],
    ['sudo[user=alice]:env_keep !~ ^LD_', 'no', ['LANG', 'LD_PRELOAD'], '/etc/sudoers:1'],
    ['sudo[user=bob]:env_keep unset', 'yes', null, undefined],
    ['sudo:env_check = A', 'no', ['B', 'C'], '/etc/sudoers:2'],
    ['sudo:env_delete = X', 'unknown', null, undefined],
    ['sudo:passwd_tries = 1', 'yes', '1', '/etc/sudoers:2'],
    ['sudo:mailto unset', 'yes', null, undefined],
    ['sudo:mailto = root', 'no', null, undefined],
    ['sudo:lecture = yes', 'yes', 'yes', '/etc/sudoers:2'],
    ['sudo:umask = 022', 'yes', '0022', '/etc/sudoers:2'],
    ['sudo:requiretty = yes', 'unknown', null, undefined],
    ['sudo:requiretty unset', 'yes', null, undefined],
    ['sudo:insults = yes', 'yes', 'yes', '/etc/sudoers:4'],
    ['sudo:noexec = yes', 'unknown', ['yes (runas www)', '(default)'], '/etc/sudoers:6'],
    ['sudo:log_output = yes', 'unknown', ['yes (command /bin/vi)', '(default)'], '/etc/sudoers:7'],
    ['sudo:syslog = local2', 'yes', 'local2', '/etc/sudoers:8'],
  ] as const)
    it(`${setting}: ${holds}`, async () => {
      const found = await judge(makeSudoHost(main, files), setting);
      assert.deepEqual(found, [{ holds, now: typeof now === 'string' || now === null ? now : [...now], from }]);
    });

  it('is unknown where a file of theirs cannot be read, and does not apply without sudo', async () => {
    const unread = makeSudoHost('@include folder\nDefaults use_pty\n', { '/etc/folder/x': '' });
    assert.deepEqual(
      (await judge(unread, 'sudo:use_pty = yes')).map(({ holds }) => holds),
      ['unknown'],
    );
    assert.deepEqual(
      (await judge(makeHost({ '/etc/passwd': passwd }), 'sudo:use_pty = yes')).map(({ holds }) => holds),
      ['inapplicable'],
    );
  });

  it('is not asked for names that sudo does not have', () => {
    for (const key of ['use_ptty', '[user=]:use_pty', '[host=a]:use_pty', '[user=a]:use_*'])
      assert.equal(
        module.parameters.safeParse({ searches: { s1: { settings: [`sudo:${key} = yes`] } } }).success,
        false,
      );
  });
});

it('the names are those that sudo knows', skip, () => {
  for (const name of defaultsNames()) {
    const { stdout, stderr } = spawnSync('visudo', ['-cf', '-'], { input: `Defaults ${name}\n`, encoding: 'utf8' });
    assert.doesNotMatch(stdout + stderr, /unknown defaults entry/, name);
  }
});

const listed = ['env_reset', 'use_pty', 'insults', 'passwd_tries', 'timestamp_timeout', 'logfile', 'env_keep'] as const;

/** `env_reset`, `!use_pty`, `env_keep+="A B"` by name, in the order of their lines. */
function askSudo(host: TestHost, user: string): Map<string, string[]> {
  const lines = linesOfTools(
    host,
    `mount --bind '${host.at('/etc/sudoers')}' /etc/sudoers && { sudo -n -l -U ${user} 2>/dev/null; true; }`,
  );
  const start = lines.findIndex((line) => line.startsWith('Matching Defaults'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('    '));
  const text =
    start < 0
      ? ''
      : lines
          .slice(start + 1, end < 0 ? undefined : end)
          .join(' ')
          .trim();
  const found = new Map<string, string[]>();
  for (const [entry, name = ''] of text.matchAll(/!?([a-z_]+)(?:[-+]?=(?:"[^"]*"|[^,]*))?/g))
    found.set(name, [...(found.get(name) ?? []), entry]);
  return found;
}

/** What those entries make of a name; null where nothing does. */
function foldSudo(name: string, entries: readonly string[]): string | readonly string[] | null {
  let list: string[] = [];
  let scalar: string | null = null;
  for (const entry of entries) {
    const [, not = '', operator = '', quoted = ''] = /^(!?)[a-z_]+(?:([-+]?=)(.*))?$/.exec(entry) ?? [];
    const value = quoted.replaceAll('"', '');
    const words = value.split(' ').filter((word) => word !== '');
    if (operator === '')
      scalar = not === '' ? 'yes' : name === 'timestamp_timeout' ? '0' : name === 'logfile' ? null : 'no';
    else scalar = value;
    if (not === '!') list = [];
    else if (operator === '=') list = words;
    else if (operator === '+=') list = [...list, ...words.filter((word) => !list.includes(word))];
    else list = list.filter((word) => !words.includes(word));
  }
  return name !== 'env_keep' ? scalar : list.length === 0 ? null : list;
}

it('holds for whom sudo -l says it does, in generated files', skip, async () => {
  const setting = fc.oneof(
    fc.constantFrom('env_reset', '!env_reset', 'use_pty', '!use_pty', '!!insults', '!insults', '!timestamp_timeout'),
    fc.constantFrom(
      'passwd_tries=1',
      'passwd_tries = 5',
      'timestamp_timeout=3',
      'logfile=/a',
      'logfile="/b c"',
      '!logfile',
    ),
    fc.constantFrom(
      'env_keep=A',
      'env_keep += "B C"',
      'env_keep -= A',
      'env_keep -= "B X"',
      '!env_keep',
      'env_keep+=A',
    ),
  );
  const scope = fc.oneof(
    fc.constant(''),
    fc.constantFrom(':alice', ':%devs', ':bob,carl', ':!bob', ':ALL,!alice', ':#1000', ':ADM', ':%#27', ':+net'),
    fc.constantFrom(`@${hostname()}`, '@nosuchhost', '@ALL', `@!${hostname()}`),
  );
  const line = fc
    .tuple(scope, fc.array(setting, { minLength: 1, maxLength: 3 }))
    .map(([whom, settings]) => `Defaults${whom} ${settings.join(', ')}`);
  const file = fc
    .array(line, { minLength: 1, maxLength: 7 })
    .map((lines) => `User_Alias ADM = carl, !alice\n${lines.join('\n')}\nALL ALL = ALL\n`);
  for (const text of fc.sample(file, { seed: 20_261_130, numRuns: 40 })) {
    const host = makeSudoHost(text);
    for (const user of ['alice', 'bob', 'carl']) {
      const theirs = askSudo(host, user);
      const ours = await judge(host, ...listed.map((name) => `sudo[user=${user}]:${name}`));
      // A netgroup is asked for at a directory, which we do not do.
      const told = ours.map(({ now }) => (Array.isArray(now) && now.some((one) => one.includes('+net')) ? 'net' : now));
      const wanted = listed.map((name, at) => (told[at] === 'net' ? 'net' : foldSudo(name, theirs.get(name) ?? [])));
      assert.deepEqual(told, wanted, `${user}: ${text}`);
    }
  }
});
