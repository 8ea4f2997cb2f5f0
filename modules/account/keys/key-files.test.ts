/** Where sshd looks for keys, compared with what `sshd -T` says of the same configuration. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSshdConfig, splitArguments } from '../../kit/sshd/config.ts';
import { settingsFor } from '../../kit/sshd/effective.ts';
import type { TestHost } from '../../kit/testing/host.ts';
import { makeSshdHost, openTestHost, skipWithoutSshd } from '../../kit/testing/sshd-host.ts';
import { linesOfTools } from '../../kit/testing/system-tools.ts';
import { expandTokens, keyFilesOf } from './key-files.ts';

const users = { alice: ['alice'], bob: ['bob', 'admins'], root: ['root'] } as const;
type User = keyof typeof users;

function settingsOf(host: TestHost) {
  return readSshdConfig(openTestHost(host)).settings;
}

/** By user; null where the configuration is refused. */
function askSshd(host: TestHost): Readonly<Record<string, string | null>> {
  const key = host.at('/key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const names = Object.keys(users);
  const asks = names.map(
    (user) =>
      `echo "== ${user}"; "$(command -v sshd)" -T -h '${key}' -C user=${user},host=h,addr=192.0.2.1 2>/dev/null | grep -i '^authorizedkeysfile '`,
  );
  const mount = `mkdir -p /run/sshd && mount --bind '${host.at('/etc/ssh')}' /etc/ssh`;
  const lines = linesOfTools(host, `${mount} && { ${asks.join('; ')}; true; }`);
  const sections = lines.join('\n').split(/^== /m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const [name = '', line] = section.split('\n');
      return [name, line === undefined || line === '' ? null : line.replace(/^authorizedkeysfile /i, '')];
    }),
  );
}

function askOurs(host: TestHost): Readonly<Record<string, string>> {
  const settings = settingsOf(host);
  return Object.fromEntries(
    Object.entries(users).map(([name, groups]) => {
      const found = settingsFor(settings, 'authorizedkeysfile', { user: { name, groups } });
      return [name, found[0]?.values.join(' ') ?? '.ssh/authorized_keys .ssh/authorized_keys2'];
    }),
  );
}

describe('AuthorizedKeysFile', () => {
  const cases: Readonly<Record<string, readonly [string, Readonly<Record<string, string>>?]>> = {
    'is the default': ['PasswordAuthentication no\n'],
    'is the first of several': ['AuthorizedKeysFile one two\nauthorizedkeysfile three\n'],
    'is without regard to letters, with = and quotes': ['AUTHORIZEDKEYSFILE="a b" \'c d\' # comment\n'],
    'is that of a Match block': ['AuthorizedKeysFile one\nMatch User alice\n AuthorizedKeysFile /etc/ssh/%u\n'],
    'is that of a group': ['Match Group adm*,!nobody\n AuthorizedKeysFile g\nMatch all\nAuthorizedKeysFile all\n'],
    'is that of the first block that fits': [
      'Match User !alice,*\n AuthorizedKeysFile notalice\nMatch Group alice User a*\n AuthorizedKeysFile both\n',
    ],
    'is in an included file': [
      'Include d/*.conf\nAuthorizedKeysFile late\n',
      { 'd/10.conf': 'AuthorizedKeysFile early\n' },
    ],
    'is in the first of included files': [
      'Include d/*.conf\n',
      {
        'd/20.conf': 'AuthorizedKeysFile twenty\n',
        'd/10.conf': 'AuthorizedKeysFile ten\n',
        'd/.05.conf': 'AuthorizedKeysFile hidden\n',
      },
    ],
    'is in a file that a block includes': [
      'AuthorizedKeysFile one\nMatch User bob\n Include bob.conf\n AuthorizedKeysFile after\n',
      { 'bob.conf': 'AuthorizedKeysFile bob\n' },
    ],
    'is in a block of an included file': [
      'Include m.conf\nAuthorizedKeysFile general\n',
      { 'm.conf': 'Match User bob\n AuthorizedKeysFile bob\n' },
    ],
    'is in a block of a file that a block includes': [
      'Match Group admins\n Include m.conf\n AuthorizedKeysFile admins\n',
      { 'm.conf': 'Match User alice\n AuthorizedKeysFile alice\nMatch User bob\n AuthorizedKeysFile bob\n' },
    ],
    'is in lines that end as those of Windows': ['AuthorizedKeysFile one two\r\nMatch all\r\n'],
    'is for a user whose name holds a bracket': ['Match User a[l]ice,bob\n AuthorizedKeysFile bracket\n'],
    'is none': ['AuthorizedKeysFile none\n'],
  };
  for (const [says, [config, others]] of Object.entries(cases))
    it(says, skipWithoutSshd, () => {
      const host = makeSshdHost(config, others);
      assert.deepEqual(askOurs(host), askSshd(host));
    });

  it('is what sshd -T says of generated configurations', skipWithoutSshd, () => {
    const value = fc.constantFrom('a', 'b c', '/etc/ssh/keys/%u', '%h/x', 'none', '"q q"');
    const line = fc.oneof(
      { weight: 3, arbitrary: value.map((text) => `AuthorizedKeysFile ${text}`) },
      { weight: 1, arbitrary: fc.constantFrom('PubkeyAuthentication yes', '# comment', '', 'X11Forwarding = no') },
      { weight: 1, arbitrary: fc.constantFrom('Include one.conf', 'Include "*.conf"', 'Include none/*') },
    );
    const criteria = fc.constantFrom(
      'all',
      'User alice',
      'User bob,root',
      'User !bob,*',
      'User r??t',
      'Group admins',
      'Group al*,!root',
      'User bob Group admins',
      'Group root User alice',
    );
    const lines = fc.array(line, { maxLength: 3 });
    const block = fc.tuple(criteria, lines).map(([head, body]) => `Match ${head}\n${body.join('\n')}`);
    const file = fc
      .tuple(lines, fc.array(block, { maxLength: 3 }))
      .map(([head, blocks]) => [...head, ...blocks].join('\n'));
    const plain = file.map((text) => text.replaceAll(/^Include.*$/gm, ''));
    const configurations = fc.sample(fc.tuple(file, plain, plain), { seed: 20_261_130, numRuns: 40 });
    let compared = 0;
    for (const [main, one, two] of configurations) {
      const host = makeSshdHost(`${main}\n`, { 'one.conf': `${one}\n`, 'two.conf': `${two}\n` });
      const theirs = askSshd(host);
      if (Object.values(theirs).includes(null)) continue;
      compared += 1;
      // It prints values with blanks without quotes.
      assert.deepEqual(askOurs(host), theirs, `${main}\n--\n${one}\n--\n${two}`);
    }
    assert.ok(compared > 20, `${compared}`);
  });

  it('may be each of those that depend on the connection', () => {
    const config =
      'AuthorizedKeysFile general\nMatch Address 10.0.0.0/8\n AuthorizedKeysFile inside\nMatch User bob\n AuthorizedKeysFile bob\n';
    const settings = settingsOf(makeSshdHost(config));
    const filesOf = (name: User): string[] =>
      keyFilesOf(
        settings,
        { kind: 'account', line: 1, name, password: 'x', uid: 1, gid: 1, home: '/h', shell: '' },
        users[name],
      );
    assert.deepEqual(filesOf('alice'), ['/h/inside', '/h/general']);
    assert.deepEqual(filesOf('bob'), ['/h/inside', '/h/bob']);
  });
});

describe('a path with tokens', () => {
  const user = { name: 'alice', uid: 1000, home: '/home/alice' };
  for (const [pattern, path] of [
    ['/keys/%u', '/keys/alice'],
    ['%h/k', '/home/alice/k'],
    ['/keys/%U', '/keys/1000'],
    ['/a%%b', '/a%b'],
    ['/a%%u', '/a%u'],
    ['/a%x', undefined],
    ['/a%', undefined],
  ] as const)
    it(`${pattern} is ${path ?? 'refused'}`, () => assert.equal(expandTokens(pattern, user), path));
});

describe('words of a line', () => {
  for (const [text, ...words] of [
    ['a b', 'a', 'b'],
    ['"a b" c', 'a b', 'c'],
    ["'a b'c", 'a bc'],
    ['a\\ b', 'a b'],
    ['a # b', 'a'],
    ['a#b', 'a#b'],
    ['""', ''],
    ['a"b', 'ab'],
  ] as const)
    it(JSON.stringify(text), () => assert.deepEqual(splitArguments(text), words));
});
