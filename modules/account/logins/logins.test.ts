/** Last logins, compared with what lastlog(8) and last(1) say of the same files. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { layoutOf, parseLastlog, parseUtmp } from '../../kit/logins/records.ts';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../kit/testing/system-tools.ts';
import { askerOfHost } from '../testing/host.ts';

const layout = layoutOf(process.arch);
const isUsual = layout.utmpBytes === 384;
const reason = isUsual ? whyNoTools('lastlog', 'last') : 'records of 32 bits are tested on x64';
const skip = reason === null ? {} : { skip: reason };

const passwd = [
  'root:x:0:0::/root:/bin/sh',
  'alice:x:1000:1000::/:/bin/sh',
  'bob:x:1001:1001::/:/bin/sh',
  'far:x:4000000000:1::/:/bin/sh',
  'new:x:1002:1::/:/bin/sh',
].join('\n');

const tables = { '/etc/passwd': `${passwd}\n`, '/etc/group': 'root:x:0:\n', '/etc/nsswitch.conf': 'passwd: files\n' };

function lastlogRecord(seconds: number, terminal: string, from: string): Buffer {
  const record = Buffer.alloc(292);
  record.writeUInt32LE(seconds, 0);
  record.write(terminal, 4, 'latin1');
  record.write(from, 36, 'latin1');
  return record;
}

interface Written {
  readonly type?: number;
  readonly name: string;
  readonly seconds: number;
  readonly from?: string;
  readonly address?: readonly number[];
}

function utmpRecord({ type = 7, name, seconds, from = '', address = [] }: Written): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(type, 0);
  record.write('pts/0', 8, 'latin1');
  record.write(name, 44, 'latin1');
  record.write(from, 76, 'latin1');
  record.writeUInt32LE(seconds, 340);
  record.set(address, 348);
  return record;
}

const day = 86_400;
const base = 1_780_000_000;

/** As large as the highest number of an account demands, with holes. */
function writeLastlog(host: TestHost, records: Readonly<Record<number, Buffer>>): void {
  mkdirSync(dirname(host.at('/var/log/lastlog')), { recursive: true });
  const file = openSync(host.at('/var/log/lastlog'), 'w');
  ftruncateSync(file, 292 * 4_000_000_001);
  for (const [uid, record] of Object.entries(records)) writeSync(file, record, 0, record.length, Number(uid) * 292);
  closeSync(file);
}

async function loginsOf(host: TestHost) {
  const { hits, receipt } = await askerOfHost(host).ask({ entries: ['account', 'login'] });
  return { receipt, logins: hits.map(({ entry, name, seen, login, from }) => [entry, name, seen, login, from]) };
}

const toMs = (seconds: number): number => seconds * 1000;

describe('the last login', () => {
  it('is that of lastlog, which is read at a few places of terabytes', skip, async () => {
    const host = makeHost(tables);
    writeLastlog(host, {
      0: lastlogRecord(base, 'tty1', ''),
      1000: lastlogRecord(base + day, 'pts/1', '203.0.113.9'),
      4000000000: lastlogRecord(base + 2 * day, 'pts/2', 'host.example.org'),
      1001: lastlogRecord(0, '', ''),
    });
    const { logins, receipt } = await loginsOf(host);
    assert.deepEqual(logins, [
      ['account', 'root', 'yes', toMs(base), undefined],
      ['account', 'alice', 'yes', toMs(base + day), '203.0.113.9'],
      ['account', 'bob', 'never', undefined, undefined],
      ['account', 'far', 'yes', toMs(base + 2 * day), 'host.example.org'],
      ['account', 'new', 'never', undefined, undefined],
    ]);
    const mount = `mount --bind '${host.at('/var/log/lastlog')}' /var/log/lastlog`;
    const theirs = linesOfTools(
      host,
      `${mount} && for u in root alice bob new; do TZ=UTC LC_ALL=C lastlog -u $u | tail -1; done`,
    );
    const expected = [base, base + day].map((seconds) => new Date(toMs(seconds)).toISOString().slice(11, 19));
    assert.deepEqual(
      theirs.map((line) => /\d\d:\d\d:\d\d/.exec(line)?.[0] ?? /Never logged in/.exec(line)?.[0]),
      [...expected, 'Never logged in', 'Never logged in'],
    );
    assert.deepEqual(receipt.sources?.find(({ kind }) => kind === 'lastlog')?.entries, 3);
  });

  it('is the latest of wtmp, whatever the order, as last says', skip, async () => {
    const records = [
      utmpRecord({ name: 'reboot', type: 2, seconds: base - 10 }),
      utmpRecord({ name: 'alice', seconds: base, from: 'old.example.org' }),
      utmpRecord({ name: 'bob', seconds: base + 60, address: [203, 0, 113, 9] }),
      utmpRecord({ name: 'alice', seconds: base + 120, from: 'new.example.org' }),
      utmpRecord({ name: 'gone', seconds: base + 180 }),
      utmpRecord({ name: 'secret typed as name', type: 6, seconds: base + 200 }),
      utmpRecord({ name: '', type: 8, seconds: base + 300 }),
    ];
    const host = makeHost({ ...tables, '/var/log/wtmp': Buffer.concat(records) });
    const { logins } = await loginsOf(host);
    assert.deepEqual(logins, [
      ['account', 'root', null, null, null],
      ['account', 'alice', 'yes', toMs(base + 120), 'new.example.org'],
      ['account', 'bob', 'yes', toMs(base + 60), '203.0.113.9'],
      ['account', 'far', null, null, null],
      ['account', 'new', null, null, null],
      ['login', 'gone', 'yes', toMs(base + 180), undefined],
    ]);
    const theirs = linesOfTools(host, `last -w --time-format iso -f '${host.at('/var/log/wtmp')}'`);
    const firstOf = (name: string): string => theirs.find((line) => line.startsWith(`${name} `)) ?? '';
    for (const [name, seconds] of [
      ['alice', base + 120],
      ['bob', base + 60],
      ['gone', base + 180],
    ] as const) {
      const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/.exec(firstOf(name))?.[0] ?? '';
      assert.equal(Date.parse(moment), toMs(seconds), name);
    }
  });

  function fillLastlog2(path: string): void {
    const database = new DatabaseSync(path);
    database.exec(
      'CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT)',
    );
    const insert = database.prepare('INSERT INTO Lastlog2 VALUES(?, ?, ?, ?, ?)');
    insert.run('alice', base, 'pts/0', '203.0.113.9', 'sshd');
    insert.run('far@example.org', base + 1, null, null, 'sshd');
    database.close();
  }

  it('is that of lastlog2', async () => {
    const host = makeHost({ ...tables, '/var/lib/lastlog/.keep': '' });
    fillLastlog2(host.at('/var/lib/lastlog/lastlog2.db'));
    const { logins } = await loginsOf(host);
    assert.deepEqual(logins, [
      ['account', 'root', 'never', undefined, undefined],
      ['account', 'alice', 'yes', toMs(base), '203.0.113.9'],
      ['account', 'bob', 'never', undefined, undefined],
      ['account', 'far', 'never', undefined, undefined],
      ['account', 'new', 'never', undefined, undefined],
      ['login', 'far@example.org', 'yes', toMs(base + 1), undefined],
    ]);
  });

  it('is that of wtmpdb, whose times are of microseconds', async () => {
    const host = makeHost({ ...tables, '/var/lib/wtmpdb/.keep': '' });
    const database = new DatabaseSync(host.at('/var/lib/wtmpdb/wtmp.db'));
    database.exec(
      'CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
    );
    const insert = database.prepare('INSERT INTO wtmp(Type, User, Login, TTY, RemoteHost) VALUES(?, ?, ?, ?, ?)');
    insert.run(1, 'reboot', base * 1_000_000, '~', '6.1.0');
    insert.run(3, 'alice', (base + 5) * 1_000_000, 'pts/0', 'host.example.org');
    insert.run(3, 'alice', base * 1_000_000, 'pts/0', null);
    database.close();
    const { logins } = await loginsOf(host);
    assert.deepEqual(logins[1], ['account', 'alice', 'yes', toMs(base + 5), 'host.example.org']);
    assert.deepEqual(logins[0], ['account', 'root', null, null, null]);
  });

  it('is the latest of all sources', skip, async () => {
    const host = makeHost({
      ...tables,
      '/run/utmp': utmpRecord({ name: 'alice', seconds: base + 300, from: 'now' }),
      '/var/log/wtmp.1': utmpRecord({ name: 'bob', seconds: base + 400, from: 'rotated' }),
      '/var/lib/lastlog/.keep': '',
    });
    fillLastlog2(host.at('/var/lib/lastlog/lastlog2.db'));
    writeLastlog(host, { 1000: lastlogRecord(base + 200, '', ''), 1001: lastlogRecord(base + 200, '', '') });
    const { logins } = await loginsOf(host);
    assert.deepEqual(logins[1], ['account', 'alice', 'yes', toMs(base + 300), 'now']);
    assert.deepEqual(logins[2], ['account', 'bob', 'yes', toMs(base + 400), 'rotated']);
  });

  it('is unknown, not never, where a source cannot be read', async () => {
    const host = makeHost({ ...tables, '/var/log/lastlog': '', '/var/lib/lastlog/lastlog2.db': 'no database at all' });
    const { logins, receipt } = await loginsOf(host);
    assert.ok(logins.every(([, , seen]) => seen === null));
    assert.equal(receipt.sources?.find(({ kind }) => kind === 'lastlog2')?.complete, false);
  });

  it('is unknown where a source is a fifo', async () => {
    const host = makeHost({ ...tables, '/var/log/.keep': '' });
    execFileSync('mkfifo', [host.at('/var/log/wtmp')]);
    const { receipt } = await loginsOf(host);
    assert.equal(receipt.sources?.find(({ kind }) => kind === 'wtmp')?.complete, false);
  });
});

describe('records of systems without programs of 32 bits', () => {
  const wide = layoutOf('arm64');

  it('have times of 64 bits', () => {
    const utmp = Buffer.alloc(wide.utmpBytes);
    utmp.writeInt16LE(7, 0);
    utmp.write('alice', 44, 'latin1');
    utmp.writeBigInt64LE(BigInt(base), 344);
    utmp.set([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 360);
    assert.deepEqual(parseUtmp(utmp, wide), { name: 'alice', timeMs: toMs(base), from: '2001:db8:0:0:0:0:0:1' });
    const lastlog = Buffer.alloc(wide.lastlogBytes);
    lastlog.writeBigInt64LE(BigInt(base), 0);
    lastlog.write('host', 40, 'latin1');
    assert.deepEqual(parseLastlog(lastlog, wide), { timeMs: toMs(base), from: 'host' });
  });
});
