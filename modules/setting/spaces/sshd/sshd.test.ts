/** `sshd:` from the files of a host to the answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askerOf, linesOf } from '../../../kit/testing/ask.ts';
import { makeHost } from '../../../kit/testing/host.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';
import { sshdSpace } from './sshd.ts';

const host = makeHost({
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsftp:x:900:bob\n',
  '/etc/ssh/sshd_config': [
    'Include /etc/ssh/sshd_config.d/*.conf',
    'permitrootlogin yes',
    'PermitRootLogin no',
    'MaxAuthTries 4',
    'Ciphers -*cbc',
    'AcceptEnv LANG',
    'AcceptEnv LC_*',
    'SetEnv A=b API_TOKEN=hunter2',
    'AuthorizedKeysCommand /usr/bin/keys --password hunter2 %u',
    'Match Address 10.0.0.0/8',
    '  PasswordAuthentication yes',
    'Match Group sftp',
    '  X11Forwarding no',
    '  ForceCommand internal-sftp',
    '',
  ].join('\n'),
  '/etc/ssh/sshd_config.d/50-cloud.conf': 'PasswordAuthentication yes\n',
  '/etc/ssh/sshd_config.d/40-own.conf': 'PasswordAuthentication no\n',
});
const { ask } = askerOf(module, runBelow(host.root));

async function verdictOf(setting: string): Promise<string | undefined> {
  const { hits } = await ask({ settings: [setting], options: { verdicts: true } });
  return hits[0]?.holds;
}

describe('sshd:', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['sshd:PermitRootLogin = yes', 'yes'],
    ['sshd:PERMITROOTLOGIN = no', 'no'],
    ['sshd:MaxAuthTries <= 4', 'yes'],
    // Compiled in.
    ['sshd:LoginGraceTime = 2m', 'yes'],
    ['sshd:PermitEmptyPasswords = no', 'yes'],
    ['sshd:AcceptEnv = LC_*', 'yes'],
    ['sshd:AcceptEnv = PATH', 'no'],
    ['sshd:MACs unset', 'yes'],
    ['sshd:MACs !~ sha1', 'unknown'],
    // Changes a compiled-in list, which no file tells.
    ['sshd:Ciphers ~ cbc', 'unknown'],
    // Depends on the address.
    ['sshd:PasswordAuthentication = no', 'unknown'],
    ['sshd:PasswordAuthentication in yes, no', 'yes'],
    ['sshd[user=root,addr=192.0.2.1]:PasswordAuthentication = no', 'yes'],
    ['sshd[addr=10.1.2.3]:PasswordAuthentication = no', 'no'],
    ['sshd[user=bob]:ForceCommand = internal-sftp', 'yes'],
    ['sshd[user=root]:ForceCommand = none', 'yes'],
    ['sshd[user=nobody]:ForceCommand = none', 'unknown'],
    ['sshd[user=nobody,group=users]:ForceCommand = none', 'yes'],
  ];
  for (const [setting, verdict] of cases)
    it(`${setting}: ${verdict}`, async () => assert.equal(await verdictOf(setting), verdict));

  it('names the file and line that count, and the block on which a value depends', async () => {
    const settings = ['sshd[addr=192.0.2.1]:PasswordAuthentication', 'sshd:PasswordAuthentication', 'sshd:MaxSessions'];
    const { hits } = await ask({ settings });
    assert.deepEqual(
      linesOf(module, { s1: hits }).map((line) => line.replaceAll(host.root, '')),
      [
        'sshd[addr=192.0.2.1]:PasswordAuthentication [now:no, from:/etc/ssh/sshd_config.d/40-own.conf:1]',
        'sshd:PasswordAuthentication [now:yes (address 10.0.0.0/8) no, from:/etc/ssh/sshd_config:11]',
        'sshd:MaxSessions [now:10]',
      ],
    );
  });

  it('tells no secrets of commands and variables', async () => {
    const answer = await ask({ settings: ['sshd:SetEnv', 'sshd:AuthorizedKeysCommand'] });
    assert.equal(answer.hits.length, 2);
    assert.ok(!JSON.stringify(answer).includes('hunter2'), JSON.stringify(answer.hits));
  });

  it('applies to no machine without a configuration of sshd', async () => {
    const bare = askerOf(module, runBelow(makeHost({}).root));
    const { hits } = await bare.ask({ settings: ['sshd:UsePAM = yes'], options: { verdicts: true } });
    assert.equal(hits[0]?.holds, 'inapplicable');
  });

  it('is unknown where an included file cannot be read', async () => {
    const odd = makeHost({ '/etc/ssh/sshd_config': 'UsePAM yes\nInclude d/*\n', '/etc/ssh/d/x/y': '' });
    const { hits } = await askerOf(module, runBelow(odd.root)).ask({
      settings: ['sshd:UsePAM = yes'],
      options: { verdicts: true },
    });
    assert.deepEqual([hits[0]?.holds, hits[0]?.why], ['unknown', 'special-file']);
  });
});

describe('a key of sshd: is refused', () => {
  for (const key of [
    'PermitRoot',
    '',
    '[user=root]PermitRootLogin',
    '[]:UsePAM',
    '[user]:UsePAM',
    '[user=a,user=b]:UsePAM',
    '[addr=10.0.0.0/8]:UsePAM',
    '[lport=x]:UsePAM',
    '[group=a]:UsePAM',
    '[colour=a]:UsePAM',
  ])
    it(JSON.stringify(key), () => assert.match(sshdSpace.checkKey(key) ?? '', /^expected .*, got /));
});
