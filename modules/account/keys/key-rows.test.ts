/** Keys that let in, private keys and trust, from the files of a host to the answer. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Protection } from '../../kit/gate.ts';
import { linesOf } from '../../kit/testing/ask.ts';
import { makeHost } from '../../kit/testing/host.ts';
import { module } from '../module.ts';
import { askerOfHost } from '../testing/host.ts';
import { toWireString } from './wire.ts';

function makePublic(seed: number): string {
  return `ssh-ed25519 ${Buffer.concat(['ssh-ed25519', Buffer.alloc(32, seed)].map(toWireString)).toString('base64')}`;
}

const short = Buffer.concat(
  ['ssh-rsa', Buffer.from([3]), Buffer.concat([Buffer.from([0]), Buffer.alloc(128, 0xff)])].map(toWireString),
);
const [plain, sealed] = ['', 'x'].map((passphrase) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const encryption = passphrase === '' ? {} : { cipher: 'aes-256-cbc', passphrase };
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString();
});

const files = {
  '/etc/passwd': [
    'root:x:0:0::/root:/bin/bash',
    'alice:x:1000:1000::/home/alice:/bin/bash',
    'bob:x:1001:1001::/home/bob:/usr/sbin/nologin',
    'app:x:999:999::/home/alice:/bin/sh',
    '',
  ].join('\n'),
  '/etc/group': 'alice:x:1000:\n',
  '/home/alice/.ssh/authorized_keys': [
    '# carol@example.org',
    `${makePublic(1)} carol@example.org`,
    `from="10.0.0.0/8",command="backup --password hunter2",environment="API_TOKEN=abc" ssh-rsa ${short.toString('base64')} old`,
    'ssh-rsa broken',
    '',
  ].join('\n'),
  '/home/bob/.ssh/authorized_keys2': `${makePublic(2)}\n`,
  '/home/alice/.ssh/id_rsa': plain ?? '',
  '/home/alice/.ssh/work': sealed ?? '',
  '/home/alice/.ssh/id_rsa.pub': makePublic(1),
  '/home/alice/.ssh/known_hosts': `host ${makePublic(3)}\n`,
  '/home/alice/.ssh/notes': 'nothing',
  '/home/bob/.rhosts': '+ +\n',
  '/home/alice/.shosts': '# nothing\n',
  '/etc/hosts.equiv': 'trusted.example.org\n',
  '/etc/ssh/ssh_host_rsa_key': plain ?? '',
  '/etc/ssh/sshd_config': [
    'TrustedUserCAKeys /etc/ssh/ca.pub',
    'AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys %u',
    'Match User root',
    '  AuthorizedKeysFile /etc/ssh/keys/%u /srv/fifo',
    '  AuthorizedKeysCommand none',
    '',
  ].join('\n'),
  '/etc/ssh/keys/root': `${makePublic(4)}\n`,
  '/root/.ssh/authorized_keys': `${makePublic(5)} never looked at\n`,
  '/etc/ssh/ca.pub': `${makePublic(6)} ca\n`,
};
const host = makeHost(files);
mkdirSync(host.at('/srv'), { recursive: true });
execFileSync('mkfifo', [host.at('/srv/fifo')]);
const { ask, askAll } = askerOfHost(host);
type Search = Parameters<typeof ask>[0];

const shown = ({ name, path, line }: Awaited<ReturnType<typeof ask>>['hits'][number]): string =>
  [name ?? '-', path?.slice(host.root.length), ...(line === undefined ? [] : [line])].join(' ');

describe('keys that let in', () => {
  const cases: readonly (readonly [Search, ...string[]])[] = [
    [
      { entries: ['key'] },
      'root /etc/ssh/keys/root 1',
      'alice /home/alice/.ssh/authorized_keys 2',
      'alice /home/alice/.ssh/authorized_keys 3',
      'bob /home/bob/.ssh/authorized_keys2 1',
      'app /home/alice/.ssh/authorized_keys 2',
      'app /home/alice/.ssh/authorized_keys 3',
    ],
    [{ entries: ['key'], shells: ['nologin$'] }, 'bob /home/bob/.ssh/authorized_keys2 1'],
    [
      { entries: ['key'], kinds: ['person'], keysizes: ['<2048'], keytypes: ['rsa'] },
      'alice /home/alice/.ssh/authorized_keys 3',
    ],
    [{ entries: ['key'], keyoptions: ['^from='], names: ['alice'] }, 'alice /home/alice/.ssh/authorized_keys 3'],
    [{ entries: ['key'], keyoptions: ['!^from='], names: ['alice'] }, 'alice /home/alice/.ssh/authorized_keys 2'],
    [{ entries: ['ca'] }, '- /etc/ssh/ca.pub 1'],
    [{ entries: ['trust'] }, 'bob /home/bob/.rhosts', '- /etc/hosts.equiv'],
    [{ entries: ['elsewhere'] }, 'sshd:authorizedkeyscommand /usr/bin/sss_ssh_authorizedkeys /etc/ssh/sshd_config 2'],
    [
      { entries: ['privatekey'] },
      'alice /home/alice/.ssh/id_rsa',
      'alice /home/alice/.ssh/work',
      '- /etc/ssh/ssh_host_rsa_key',
    ],
    [{ entries: ['privatekey'], passphrases: ['no'], names: ['.'] }, 'alice /home/alice/.ssh/id_rsa'],
    [{ passphrases: ['yes'] }, 'alice /home/alice/.ssh/work'],
  ];
  for (const [search, ...expected] of cases)
    it(`${JSON.stringify(search)} finds ${expected.length}`, async () =>
      assert.deepEqual((await ask(search)).hits.map(shown), expected));

  it('are found by either fingerprint', async () => {
    const { hits } = await ask({ entries: ['key'], names: ['^bob$'] });
    const { fingerprint = '', md5 = '' } = hits[0] ?? {};
    for (const search of [{ fingerprints: [`^${fingerprint?.replaceAll('+', '\\+')}$`] }, { md5s: [`^${md5}$`] }])
      assert.deepEqual((await ask(search)).hits.map(shown), ['bob /home/bob/.ssh/authorized_keys2 1']);
  });

  it('are printed without comment, key and secrets', async () => {
    const { hits } = await ask({ names: ['^alice$'], entries: ['key'], keytypes: ['rsa'] });
    const [line = ''] = linesOf(module, { s1: hits });
    assert.match(
      line,
      /^key alice \[uid:1000, kind:person, shell:\/bin\/bash, fingerprint:SHA256:\S{43}, md5:MD5:\S{47}, keytype:ssh-rsa, keysize:1024, keyoption:/,
    );
    const everything = JSON.stringify(await ask({}));
    for (const secret of ['carol', 'hunter2', 'abc"', 'AAAA', 'never looked'])
      assert.ok(!everything.includes(secret), secret);
  });

  it('have a gap in the receipt where a file is a fifo', async () => {
    const { receipt } = await ask({ entries: ['key'] });
    const gaps = receipt.sources?.filter(({ complete }) => !complete) ?? [];
    assert.deepEqual(
      gaps.map(({ kind, path }) => [kind, path?.slice(host.root.length)]),
      [
        ['shadow', '/etc/shadow'],
        ['authorized_keys', '/srv/fifo'],
      ],
    );
  });

  it('are looked for in the usual places without a configuration of sshd', async () => {
    const bare = makeHost({
      '/etc/passwd': files['/etc/passwd'],
      '/etc/group': '',
      '/root/.ssh/authorized_keys': makePublic(5),
    });
    const { hits } = await askerOfHost(bare).ask({ entries: ['key'] });
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['root'],
    );
  });
});

it('a home that leads upwards ends at the root of the host', async () => {
  const odd = makeHost({
    '/etc/passwd': 'up:x:1:1::/../../../../../../../../../../home/up:/bin/sh\n',
    '/etc/group': '',
    '/home/up/.ssh/authorized_keys': makePublic(9),
  });
  const { hits } = await askerOfHost(odd).ask({ entries: ['key'] });
  assert.deepEqual(
    hits.map(({ path }) => path?.slice(odd.root.length)),
    ['/home/up/.ssh/authorized_keys'],
  );
});

describe('protected private keys', () => {
  const protection = (mayRead: boolean, questions: number, byName: boolean): Protection => ({
    rules: byName ? ['**/.ssh/id_*', '**/ssh_host_*_key'].map((glob) => ({ glob, mayRead, mayTell: true })) : [],
    contents: [{ kind: 'private-key', mayRead }],
    questions,
  });
  const asked = (search: Search, rules: Protection) => askAll({ s1: search }, undefined, undefined, rules);

  it('are not read by a question about something else', async () => {
    for (const search of [{ fingerprints: ['.'] }, { entries: ['key' as const] }, {}]) {
      const { hits, receipt } = await asked(search, protection(true, 10, true));
      assert.equal(receipt.protectedquestions, 0);
      assert.ok(hits.every(({ entry }) => entry !== 'privatekey'));
      assert.ok(receipt.sources?.every(({ kind }) => kind !== 'privatekey'));
    }
  });

  it('take a question each, by name or by content', async () => {
    const { hits, receipt } = await asked({ passphrases: ['no', 'yes'] }, protection(true, 10, true));
    assert.equal(hits.length, 3);
    assert.equal(receipt.protectedquestions, 3);
  });

  for (const byName of [true, false])
    it(`are not told of to too few people${byName ? '' : ', whatever their names'}`, async () => {
      const { hits, receipt } = await asked({ entries: ['privatekey'] }, protection(false, 10, byName));
      assert.equal(receipt.protectedquestions, 0);
      // Their likely names are no secret.
      assert.deepEqual(
        hits.map(({ path, passphrase }) => [path?.slice(host.root.length), passphrase]),
        [
          ['/home/alice/.ssh/id_rsa', null],
          ['/etc/ssh/ssh_host_rsa_key', null],
        ],
      );
    });

  it('end at the limit of the hour', async () => {
    const { receipt } = await asked({ passphrases: ['no', 'yes'] }, protection(true, 1, true));
    assert.equal(receipt.protectedquestions, 1);
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'question-limit'));
  });
});
