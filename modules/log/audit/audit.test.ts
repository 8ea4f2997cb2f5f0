/** Events of the audit system of a host made for the test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { askerOfHost, toShort } from '../testing/host.ts';
import { parseAuditRecord } from './record.ts';

const at = (serial: number, ms = 0): string => `msg=audit(1769842800.${String(ms).padStart(3, '0')}:${serial}):`;

const opened = (serial: number, exe: string, key: string): string[] => [
  `type=SYSCALL ${at(serial)} arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c auid=1000 uid=1000 comm="cat" exe="${exe}" key=${key}\x1dARCH=x86_64 SYSCALL=openat AUID="alice" UID="alice"`,
  `type=CWD ${at(serial)} cwd="/home/alice"`,
  `type=PATH ${at(serial)} item=0 name="/etc/shadow" inode=1 mode=0100640`,
  `type=PROCTITLE ${at(serial)} proctitle=636174002F6574632F736861646F77`,
  `type=EOE ${at(serial)} `,
];

const login = (serial: number, acct: string, address: string): string =>
  `type=USER_AUTH ${at(serial)} pid=7 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication grantors=? acct=${acct} exe="/usr/sbin/sshd" hostname=${address} addr=${address} terminal=ssh res=failed'\x1dUID="root" AUID="unset"`;

const lines = [
  ...opened(10, '/usr/bin/cat', '"identity"'),
  ...opened(11, '/usr/bin/cat', '6964656E746974790174776F'),
  // Records of two events by turns.
  ...opened(12, '/usr/bin/vim', '(null)').flatMap((line, index) => [
    line,
    opened(13, '/usr/bin/less', '"identity"')[index] ?? '',
  ]),
  login(14, '"root"', '192.0.2.1'),
  login(15, '"alice"', '2001:db8::1'),
  login(16, '68756E74657232', '?'),
  `node=web1 type=SOCKADDR ${at(17)} saddr=0200115CC0000209000000000000000000`,
  `type=SOCKADDR ${at(18)} saddr=0A00115C0000000020010DB800000000000000000000000900000000`,
  'no record at all',
];

function hostOf(files: Readonly<Record<string, string>>): TestHost {
  return makeHost({
    '/etc/passwd': 'root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n',
    '/usr/bin/.keep': '',
    ...files,
  });
}

describe('events', () => {
  const host = hostOf({ '/var/log/audit/audit.log': `${lines.join('\n')}\n` });
  const { ask } = askerOfHost(host);
  const sources = ['audit'] as const;
  const shortOf = async (search: object): Promise<string[]> =>
    toShort((await ask({ sources: [...sources], ...search } as Parameters<typeof ask>[0])).hits);

  for (const [name, search, expected] of [
    ['are counted, not their records', {}, ['audit 9']],
    ['have the keys of their rules, several of one', { by: 'key' }, ['audit identity 3', 'audit two 1']],
    [
      'with a key have a program',
      { fields: ['key=identity'], by: 'exe' },
      ['audit /usr/bin/cat 2', 'audit /usr/bin/less 1'],
    ],
    ['have a type for each record', { fields: ['type=PATH'] }, ['audit 4']],
    ['without a key are others', { fields: ['type=SYSCALL', 'key!=identity'], by: 'exe' }, ['audit /usr/bin/vim 1']],
    [
      'name accounts of this machine alone',
      { fields: ['type=USER_AUTH'], by: 'account' },
      ['audit alice 1', 'audit root 1', 'audit unknown account 1'],
    ],
    [
      'have addresses of messages and sockets',
      { fields: ['address~.'], by: 'address' },
      ['audit 192.0.2.1 1', 'audit 192.0.2.9 1', 'audit 2001:db8:0:0:0:0:0:9 1', 'audit 2001:db8::1 1'],
    ],
    ['fail', { fields: ['res=failed'] }, ['audit 3']],
    ['have hex only where there are no quotes', { fields: ['proctitle~^cat\\x{0}/etc'] }, ['audit 4']],
    ['do not have what the daemon translated', { fields: ['AUID=alice'.toLowerCase()] }, []],
    ['match by a record', { contents: ['name="/etc/shadow"', '!vim'] }, ['audit 3']],
    ['are of the asked time', { since: '2026-02-01' }, []],
  ] as const)
    it(name, async () => {
      const rows = await shortOf(search);
      const named = rows.filter((row) => !/ no (?:name|address|number|known path) /.test(row));
      assert.deepEqual(named, expected);
    });

  it('may begin in one file and end in the next', async () => {
    const split = opened(20, '/usr/bin/cat', '"identity"');
    const other = hostOf({
      '/var/log/audit/audit.log.1': `${split.slice(0, 2).join('\n')}\n`,
      '/var/log/audit/audit.log': `${split.slice(2).join('\n')}\n`,
    });
    const { hits, receipt } = await askerOfHost(other).ask({
      sources: ['audit'],
      fields: ['type=EOE', 'key=identity'],
    });
    assert.deepEqual([hits[0]?.count, hits[0]?.files], [1, [other.at('/var/log/audit/audit.log.1')]]);
    assert.deepEqual(
      receipt.sources?.filter(({ kind }) => kind === 'audit').map(({ entries, from }) => [entries, from]),
      [
        [2, '2026-01-31T07:00:00Z'],
        [3, '2026-01-31T07:00:00Z'],
      ],
    );
  });
});

it('any line is a record or none', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 1e9 }), (text, serial) => {
      parseAuditRecord(text);
      const record = parseAuditRecord(`type=X ${at(serial)} ${text}`);
      assert.equal(record?.serial, serial);
      assert.deepEqual(record?.fields.get('type'), ['X']);
    }),
  );
});
