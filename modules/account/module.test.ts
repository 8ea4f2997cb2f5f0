/** Accounts and groups, from the tables of a host to the answer. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import { askerOf, linesOf } from '../kit/testing/ask.ts';
import { makeHost } from '../kit/testing/host.ts';
import { module } from './module.ts';
import { run } from './run.ts';
import { askerOfHost } from './testing/host.ts';

const host = makeHost({
  '/etc/passwd': [
    'root:x:0:0:root:/root:/bin/bash',
    'toor:x:00:0::/root:/bin/sh',
    'www:x:33:33:www:/var/www:/usr/sbin/nologin',
    'alice:x:1000:1000:Alice Example,,,:/home/alice:/bin/bash',
    'bob:x:1001:100::/home/bob:',
    'far:x:60001:777::/home/far:/bin/sh',
    '+@admins::::::',
    '-mallory',
    '',
  ].join('\n'),
  '/etc/group': [
    'root:x:0:',
    'docker:x:990:alice,bob',
    'users:x:100:',
    'alice:x:1000:',
    'www:x:33:alice',
    'devs:x:1002:alice',
    'devs2:x:1002:bob',
    '+:::',
    '',
  ].join('\n'),
  '/etc/shadow': 'root:!:20000:0:99999:7:::\n',
  '/etc/gshadow': 'root:*::\ndocker:!:alice:alice,bob\nusers:::\ndevs:$1$saltsalt$cccccccccccccccccccccc::\n',
  '/etc/subuid': 'alice:100000:65536\n1001:165536:10\nbroken\n',
  '/etc/subgid': 'alice:100000:65536\n',
  '/etc/login.defs': '# UID_MIN 5\nUID_MIN\t\t 1000\nUID_MAX 60000\n',
});
const { ask } = askerOfHost(host);

type Search = Parameters<typeof ask>[0];
async function namesOf(search: Search): Promise<string[]> {
  return (await ask(search)).hits.map(({ name }) => name ?? '');
}

describe('accounts', () => {
  const cases: readonly (readonly [Search, ...names: string[]])[] = [
    [{ roots: ['uid0'] }, 'root', 'toor'],
    [{ roots: ['uid0'], names: ['!^root$'] }, 'toor'],
    [{ roots: ['group'] }, 'alice', 'bob'],
    [{ ways: ['^group:docker$'] }, 'alice', 'bob'],
    [{ kinds: ['person'] }, 'alice', 'bob'],
    [{ entries: ['account'], kinds: ['system'] }, 'root', 'toor', 'www', 'far'],
    [{ groups: ['^devs2$'] }, 'bob'],
    [{ groups: ['^users$'] }, 'bob'],
    [{ groups: ['^777$'] }, 'far'],
    [{ shells: ['nologin$'] }, 'www'],
    [{ homes: ['^/home/'], subuids: ['^100000-165535$'] }, 'alice'],
    [{ subuids: ['^165536-165545$'] }, 'bob'],
    [{ subgids: ['.'] }, 'alice'],
    [{ uids: ['0'] }, 'root', 'toor'],
    [{ entries: ['elsewhere'] }, '+@admins', '-mallory', '+'],
    [{ entries: ['group'], members: ['^bob$'] }, 'docker', 'devs2'],
    [{ entries: ['group'], admins: ['.'] }, 'docker'],
    [{ entries: ['group'], passwords: ['set'] }, 'alice', 'www', 'devs', 'devs2'],
    [{ entries: ['group'], schemes: ['md5'] }, 'devs'],
    [{ entries: ['group'], passwords: ['none'] }],
    [{ paths: ['/etc/group$'], lines: ['8'] }, '+'],
  ];
  for (const [search, ...names] of cases)
    it(`${JSON.stringify(search)} finds ${names.join(' ') || 'nothing'}`, async () =>
      assert.deepEqual(await namesOf(search), names));

  it('are printed one in a line', async () => {
    const { hits } = await ask({ names: ['^alice$'], entries: ['account'] });
    assert.deepEqual(linesOf(module, { s1: hits.map((hit) => ({ ...hit, path: '/etc/passwd' })) }), [
      'account alice [uid:1000, gid:1000, kind:person, shell:/bin/bash, home:/home/alice, group:alice docker www devs, root:group, way:group:docker, password:set unusable, subuid:100000-165535, subgid:100000-165535, path:/etc/passwd, line:4]',
    ]);
  });

  it('never come with the comment, which has names of people', async () =>
    assert.ok(!JSON.stringify(await ask({})).includes('Example')));

  it('have the sources that were read in the receipt', async () => {
    const { receipt } = await ask({});
    const sources = receipt.sources?.map(({ kind, entries, complete }) => [kind, entries, complete]);
    assert.deepEqual(sources, [
      ['passwd', 8, true],
      ['group', 8, true],
      ['shadow', 1, true],
      ['gshadow', 4, true],
      ['subuid', 2, true],
      ['subgid', 1, true],
      ['login.defs', 2, true],
    ]);
  });

  it('have text that is no UTF-8 escaped', async () => {
    const latin = makeHost({ '/etc/passwd': Buffer.from('j\xfcrg\\:x:1:1::/:\n', 'latin1'), '/etc/group': '' });
    const { hits } = await askerOfHost(latin).ask({});
    assert.equal(hits[0]?.name, 'j\\xfcrg\\\\');
  });
});

describe('a table', () => {
  it('that is not there is unknown, not empty, where every host has one', async () => {
    const { hits, receipt } = await askerOfHost(makeHost({ '/etc/group': 'a:x:1:\n' })).ask({});
    assert.deepEqual(
      hits.map(({ name }) => name),
      ['a'],
    );
    // As a file that vanished from a walk it would leave the answer complete.
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
    assert.deepEqual(
      receipt.sources?.find(({ kind }) => kind === 'passwd'),
      { kind: 'passwd', path: receipt.sources?.[0]?.path, entries: 0, complete: false },
    );
  });

  it('that is a device is not read', async () => {
    const odd = makeHost({ '/etc/group': '' });
    symlinkSync('/dev/zero', odd.at('/etc/passwd'));
    const { receipt } = await askerOfHost(odd).ask({});
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
  });
});

it('root is an account of this machine', async () => {
  const { hits } = await askerOf(module, run).ask({ entries: ['account'], uids: ['0'], names: ['^root$'] });
  assert.equal(hits.length, 1);
});
