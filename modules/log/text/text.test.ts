/** Text logs of a host made for the test: times, rotation, packing, values. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { askerOfHost, toShort } from '../testing/host.ts';

process.env.TZ = 'Europe/Berlin';

const passwd = 'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n';

function write(host: TestHost, path: string, content: string | Buffer, written: string): void {
  host.write(path, content);
  const seconds = Date.parse(written) / 1000;
  utimesSync(host.at(path), seconds, seconds);
}

const toMs = (text: string): number => Date.parse(text);

function hostOf(files: Readonly<Record<string, string | Buffer>>): TestHost {
  return makeHost({ '/etc/passwd': passwd, '/etc/group': 'root:x:0:\n', ...files });
}

describe('a time', () => {
  for (const [line, expected] of [
    ['2026-01-31T07:00:00.123456+01:00 web1 sshd[1]: x', '2026-01-31T06:00:00.123Z'],
    ['2026-01-31T07:00:00Z x', '2026-01-31T07:00:00Z'],
    ['2026-01-31 07:00:00 status installed x', '2026-01-31T06:00:00Z'],
    ['2026/07/31 07:00:00 [error] 1#1: x', '2026-07-31T05:00:00Z'],
    ['2026-01-31 07:00:00.5 UTC [1] LOG: x', '2026-01-31T07:00:00.500Z'],
    ['[2026-01-31 07:00:00,250] x', '2026-01-31T06:00:00.250Z'],
    ['<34>1 2026-01-31T07:00:00.003Z host app 1 - - x', '2026-01-31T07:00:00.003Z'],
    ['<34>Jan 31 07:00:00 host su: x', '2026-01-31T06:00:00Z'],
    ['Jan 31 07:00:00 host su: x', '2026-01-31T06:00:00Z'],
    ['Jul  1 07:00:00 host su: x', '2026-07-01T05:00:00Z'],
    ['[Sat Jan 31 07:00:00.5 2026] [core:error] x', '2026-01-31T06:00:00.500Z'],
    ['192.0.2.1 - - [31/Jan/2026:07:00:00 -0700] "GET / HTTP/1.1" x', '2026-01-31T14:00:00Z'],
    ['1769842800.250 12 192.0.2.1 TCP_MISS x', '2026-01-31T07:00:00.250Z'],
    ['type=SYSCALL msg=audit(1769842800.250:4711): x', '2026-01-31T07:00:00.250Z'],
    ['update-alternatives 2026-01-31 07:00:00: x', '2026-01-31T06:00:00Z'],
    ['\ufeff2026-01-31T07:00:00Z x', '2026-01-31T07:00:00Z'],
  ] as const)
    it(`is read from ${line}`, async () => {
      const host = hostOf({});
      write(host, '/var/log/a.log', `${line}\n`, '2026-09-01T00:00:00Z');
      const { hits } = await askerOfHost(host).ask({ contents: ['x$'] });
      assert.deepEqual(
        hits.map(({ count, first, last }) => [count, first, last]),
        [[1, toMs(expected), toMs(expected)]],
      );
    });

  for (const line of ['31 Feb 07:00:00 x', 'Foo 31 07:00:00 x', '2026-13-01T00:00:00Z x', '99999999999 x', 'x'])
    it(`is unknown in ${line}`, async () => {
      const host = hostOf({ '/var/log/a.log': `${line}\n` });
      const { ask } = askerOfHost(host);
      const { hits } = await ask({ contents: ['x$'] });
      assert.deepEqual(hits, [{ source: 'text', count: 1, files: [host.at('/var/log/a.log')] }]);
      const { foundanything, receipt } = await ask({ contents: ['x$'], since: '9999d' });
      assert.equal(foundanything, false);
      assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
    });

  it('is that of the line before, where a line has none', async () => {
    const host = hostOf({ '/var/log/a.log': '2026-01-31T07:00:00Z boom\n  at x\n  at y\n2026-01-31T08:00:00Z z\n' });
    const { hits } = await askerOfHost(host).ask({ contents: ['at y'] });
    assert.deepEqual(hits[0]?.first, toMs('2026-01-31T07:00:00Z'));
  });
});

describe('a year that lines do not have', () => {
  it('is counted from the end of the file, over new year', async () => {
    const host = hostOf({});
    const lines = [
      'Nov 30 10:00:00 h a: x',
      'Dec 31 23:59:59 h a: x',
      'Jan  1 00:00:01 h a: x',
      'Mar  1 10:00:00 h a: x',
    ];
    write(host, '/var/log/syslog', `${lines.join('\n')}\n`, '2026-03-01T09:00:01Z');
    const { ask } = askerOfHost(host);
    const { hits } = await ask({ contents: ['x'] });
    assert.deepEqual([hits[0]?.first, hits[0]?.last], [toMs('2025-11-30T09:00:00Z'), toMs('2026-03-01T09:00:00Z')]);
    for (const [since, until, count] of [
      ['2026-01-01', undefined, 1],
      ['2025-12-31T23:00', undefined, 2],
      ['2025-12-31T22:59', undefined, 3],
      [undefined, '2025-12-01', 1],
      [undefined, '2025-12-31', 3],
      ['2025-12-01', '2026-01-31', 2],
      ['2026-03-02', undefined, 0],
    ] as const) {
      const { hits: asked } = await ask({
        contents: ['x'],
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
      });
      assert.equal(asked[0]?.count ?? 0, count, `${since} ${until}`);
    }
  });

  it('is a leap year when there is a 29 February', async () => {
    const host = hostOf({});
    write(host, '/var/log/syslog', 'Feb 29 10:00:00 h a: x\nMar  1 10:00:00 h a: x\n', '2026-03-01T10:00:00Z');
    const { hits } = await askerOfHost(host).ask({ contents: ['x'] });
    assert.deepEqual([hits[0]?.first, hits[0]?.last], [toMs('2024-02-29T09:00:00Z'), toMs('2024-03-01T09:00:00Z')]);
  });

  it('is that of the newer file where a copy has a late time', async () => {
    const host = hostOf({});
    write(host, '/var/log/syslog', 'Jan  5 10:00:00 h a: x\n', '2026-01-05T10:00:00Z');
    write(host, '/var/log/syslog.1', 'Dec 20 10:00:00 h a: x\nJan  4 10:00:00 h a: x\n', '2027-06-01T00:00:00Z');
    write(host, '/var/log/syslog.2.gz', gzipSync('Dec 19 10:00:00 h a: x\n'), '2027-06-01T00:00:00Z');
    const { hits } = await askerOfHost(host).ask({ contents: ['x'] });
    assert.deepEqual([hits[0]?.first, hits[0]?.last], [toMs('2025-12-19T09:00:00Z'), toMs('2026-01-05T09:00:00Z')]);
  });

  it('counts back where the clock was set back over new year', async () => {
    const host = hostOf({});
    const lines = [
      'Dec 31 23:00:00 h a: x',
      'Jan  1 00:10:00 h a: x',
      'Dec 31 23:30:00 h a: x',
      'Jan  1 01:00:00 h a: x',
    ];
    write(host, '/var/log/syslog', `${lines.join('\n')}\n`, '2026-01-01T01:00:00Z');
    const { hits } = await askerOfHost(host).ask({ contents: ['x'], since: '2025-12-31T22:20' });
    assert.deepEqual([hits[0]?.count, hits[0]?.first], [3, toMs('2025-12-31T22:30:00Z')]);
  });
});

describe('rotated and packed logs', () => {
  const line = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T00:00:00Z h a: needle\n`;

  it('are read with the log that they were', async () => {
    const host = hostOf({
      '/var/log/app/a.log': line(9),
      '/var/log/app/a.log.1': line(8),
      '/var/log/app/a.log.2.gz': gzipSync(line(7)),
      '/var/log/app/a.log-20260106.zst': zstdCompressSync(line(6)),
      '/var/log/app/a-20260105.log': line(5),
      '/var/log/app/a.log.old': line(4),
      '/var/log/app/b.log': line(3),
    });
    host.write('/var/log/app/a.log.3', line(2));
    execFileSync('xz', [host.at('/var/log/app/a.log.3')]);
    host.write('/var/log/app/a.log.4', line(1));
    execFileSync('bzip2', [host.at('/var/log/app/a.log.4')]);
    const { hits, receipt } = await askerOfHost(host).ask({ paths: ['/var/log/app/a.log'], contents: ['needle'] });
    assert.deepEqual([hits[0]?.count, hits[0]?.first], [8, toMs('2026-01-01T00:00:00Z')]);
    assert.ok(receipt.sources?.every(({ complete, from }) => complete && (from !== undefined || complete)));
  });

  it('are found by ** and by *, not beyond', async () => {
    const host = hostOf({ '/var/log/x/y/a.log': line(1), '/var/log/x/b.log': line(2), '/var/log/c.log': line(3) });
    const { ask } = askerOfHost(host);
    for (const [path, count] of [
      ['/var/log/**', 3],
      ['/var/log/*', 1],
      ['/var/log/*/*.log', 1],
      ['/var/log/**/*.log', 3],
      ['/var/l?g/x/**', 2],
      ['/var/log/[bc].log', 1],
      ['/nowhere/*', 0],
    ] as const) {
      const { hits } = await ask({ paths: [path], contents: ['needle'] });
      assert.equal(hits[0]?.count ?? 0, count, path);
    }
  });

  it('are counted once while they are packed, linked or renamed', async () => {
    const host = hostOf({
      '/var/log/a.log': line(9),
      '/var/log/a.log.1': line(8),
      '/var/log/a.log.1.gz': gzipSync('2026'),
    });
    execFileSync('ln', [host.at('/var/log/a.log'), host.at('/var/log/same.log')]);
    execFileSync('ln', ['-s', 'a.log', host.at('/var/log/link.log')]);
    const { hits } = await askerOfHost(host).ask({ contents: ['needle'] });
    assert.equal(hits[0]?.count, 2);
  });

  it('that are damaged count as far as they go, and stand in the receipt', async () => {
    const packed = gzipSync(
      Array.from({ length: 20_000 }, (_, index) => `2026-01-01T00:00:00Z ${index * 7919} needle\n`).join(''),
    );
    const host = hostOf({ '/var/log/a.log.1.gz': packed.subarray(0, packed.length / 2) });
    const { hits, receipt } = await askerOfHost(host).ask({ contents: ['needle'] });
    assert.ok((hits[0]?.count ?? 0) > 1000);
    assert.deepEqual(receipt.skipped, [{ reason: 'read-error', count: 1 }]);
    assert.deepEqual(
      receipt.sources?.map(({ kind, complete }) => [kind, complete]),
      [
        ['passwd', true],
        ['text', false],
      ],
    );
  });

  it('that are no text, or secrets, are left out', async () => {
    const host = hostOf({
      '/var/log/wtmp': Buffer.alloc(384, 1),
      '/var/log/sa01': Buffer.alloc(4096),
      '/var/log/journal/x/system.journal': 'needle\n',
      '/var/log/id': '-----BEGIN OPENSSH PRIVATE KEY-----\nneedle\n',
    });
    const { foundanything, receipt } = await askerOfHost(host).ask({ sources: ['text'], contents: ['needle'] });
    assert.equal(foundanything, false);
    assert.deepEqual(receipt.skipped, [{ reason: 'protected', count: 1 }]);
  });
});

describe('values', () => {
  const from = (address: string, user = 'root'): string =>
    `2026-01-31T07:00:00Z h sshd[1]: Failed password for ${user} from ${address} port 22\n`;

  it('are counted, the most frequent first, rare ones together', async () => {
    const text = [
      ...Array(5).fill(from('192.0.2.1')),
      ...Array(3).fill(from('2001:db8::1')),
      from('192.0.2.3'),
      from('192.0.2.4'),
      from('nonsense'),
    ];
    const host = hostOf({ '/var/log/auth.log': text.join('') });
    const { ask } = askerOfHost(host);
    const by = 'from (?P<address>\\S+) port';
    assert.deepEqual(toShort((await ask({ contents: ['Failed'], by })).hits), [
      'text 192.0.2.1 5',
      'text 2001:db8::1 3',
      'text 192.0.2.3 1',
      'text 192.0.2.4 1',
      'text no address 1',
    ]);
    assert.deepEqual(toShort((await ask({ by, options: { top: 1 } })).hits), ['text 192.0.2.1 5', 'text (4) 6']);
    assert.deepEqual(toShort((await ask({ by, options: { mincount: 3 } })).hits), [
      'text 192.0.2.1 5',
      'text 2001:db8::1 3',
      'text (3) 3',
    ]);
  });

  it('of accounts are those of this machine: people type passwords there', async () => {
    const host = hostOf({
      '/var/log/auth.log': [
        from('192.0.2.1', 'root'),
        from('192.0.2.1', 'hunter2'),
        from('192.0.2.1', 'Pa55word'),
      ].join(''),
    });
    const { ask } = askerOfHost(host);
    const by = 'password for (?P<account>\\S+) from';
    const { hits } = await ask({ by });
    assert.deepEqual(toShort(hits), ['text unknown account 2', 'text root 1']);
    assert.deepEqual(toShort((await ask({ by, options: { accounts: true } })).hits), ['text root 1']);
  });

  it('are no numbers that the line calls a secret', async () => {
    const lines = {
      'login password=12345678': 'no number',
      'user_passwd=4711 ok': 'no number',
      'your OTP is 493021': 'no number',
      'pin code: 4711': 'no number',
      'api_token="99x4711"': 'no number',
      'Failed password for root from h port 22': '22',
      'shipping 4711': '4711',
      'code=200': '200',
    };
    for (const [line, told] of Object.entries(lines)) {
      const { ask } = askerOfHost(hostOf({ '/var/log/a.log': `${line}\n` }));
      const { hits } = await ask({ by: '(?P<number>\\d+)' });
      assert.deepEqual(toShort(hits), [`text ${told} 1`], line);
    }
    const { ask } = askerOfHost(hostOf({ '/var/log/a.log': 'login password=12345678\n' }));
    assert.deepEqual(toShort((await ask({ by: 'password=12(?P<number>\\d+)' })).hits), ['text no number 1']);
  });

  it('of programs have a name of their own, or none is told', async () => {
    const lines = [
      'Jan 31 07:00:00 h sshd[1]: x',
      '2026-01-31T07:00:00Z h cron: x',
      '<34>1 2026-01-31T07:00:00Z h app 1 - - x',
      'Jan 31 07:00:00 h hunter2 is my password x',
      'Jan 31 07:00:00 h AKIAABCDEFGHIJKLMNOP: x',
    ];
    const host = hostOf({ '/var/log/syslog': lines.join('\n') });
    const { ask } = askerOfHost(host);
    const { hits } = await ask({ contents: ['x$'], by: 'identifier' });
    assert.deepEqual(toShort(hits), [
      'text <redacted> 1',
      'text app 1',
      'text cron 1',
      'text no name 1',
      'text sshd 1',
    ]);
    assert.equal((await ask({ identifiers: ['cron', 'app'] })).hits[0]?.count, 2);
    assert.deepEqual(toShort((await ask({ priority: 'crit', by: 'priority' })).hits), ['text crit 1']);
  });

  it('of paths are in a folder of this machine', async () => {
    const host = hostOf({
      '/opt/tool/.keep': '',
      '/var/log/a.log': '/opt/tool/gone x\n/reset/Zm9vYmFy x\n/opt/tool/a?token=b x\n',
    });
    const { hits } = await askerOfHost(host).ask({ by: '^(?P<path>\\S+) x' });
    assert.deepEqual(toShort(hits), ['text no known path 2', 'text /opt/tool/gone 1']);
  });

  it('beyond the limit are counted together', async () => {
    const lines = Array.from({ length: 70_000 }, (_, index) => `${index} x\n`);
    const host = hostOf({ '/var/log/a.log': lines.join('') });
    const { hits } = await askerOfHost(host).ask({ by: '^(?P<number>\\d+)', options: { top: 1 } });
    assert.equal(
      hits.reduce((sum, { count }) => sum + count, 0),
      70_000,
    );
  });
});

describe('an answer', () => {
  const host = hostOf({
    '/var/log/a.log':
      '2026-01-31T07:00:00Z h a: one hunter2\n2026-01-31T08:00:00Z h a: two\n2026-01-31T09:00:00Z h b: one\n',
  });
  const { ask, askAll } = askerOfHost(host);

  it('counts lines as grep does, with what must not match', async () => {
    const answer = await askAll({
      one: { contents: ['one'] },
      not: { contents: ['!one'] },
      both: { contents: ['one', '!b:', '^2026'] },
    });
    assert.deepEqual(
      Object.values(answer.elements).map(([row]) => row?.count),
      [2, 1, 1],
    );
    assert.equal(answer.receipt.examined.lines, 3);
  });

  it('has no word of a line', async () => {
    const answer = await ask({ contents: ['hunter2'] });
    assert.doesNotMatch(JSON.stringify({ ...answer, hits: null }), /hunter2|one|two/);
  });

  it('says how far back the logs reach', async () => {
    const { errors } = await ask({ since: '2025-01-01' });
    assert.match(errors.join('\n'), /^text: asked for \d+d\w*, the source begins \d+d\w* ago$/);
    assert.deepEqual((await ask({ since: '2026-01-31T07:00' })).errors, []);
  });

  it('names files that a rule protects in no way, and counts nothing in them', async () => {
    const protection = { rules: [{ glob: '/**/a.log', mayRead: true, mayTell: true }], contents: [], questions: 10 };
    const answer = await askAll({ s1: { contents: ['one'] } }, undefined, {}, protection);
    assert.equal(answer.foundanything, false);
    assert.deepEqual(answer.receipt.skipped, [{ reason: 'protected', count: 1 }]);
    assert.equal(answer.receipt.protectedquestions, 0);
  });

  it('is partial when it is stopped', async () => {
    const answer = await askAll({ s1: {} }, AbortSignal.abort());
    assert.equal(answer.receipt.cutshort, 'cancelled');
  });
});

describe('a log that is rotated while others are read', () => {
  it('is counted once', async () => {
    const host = hostOf({
      '/var/log/a.log.1': '2026-01-30T07:00:00Z needle\n',
      '/var/log/a.log': '2026-01-31T07:00:00Z needle\n',
    });
    mkdirSync(host.at('/var/log/z'), { recursive: true });
    const asked = askerOfHost(host).ask({ contents: ['needle'] });
    renameSync(host.at('/var/log/a.log.1'), host.at('/var/log/a.log.2'));
    renameSync(host.at('/var/log/a.log'), host.at('/var/log/a.log.1'));
    assert.equal((await asked).hits[0]?.count, 2);
  });
});
