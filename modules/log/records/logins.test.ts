/** Records of logins: wtmp, btmp, lastlog and their successors. */
import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { layoutOf } from '../../kit/logins/records.ts';
import { makeHost, type TestHost } from '../../kit/testing/host.ts';
import { linesOfTools, whyNoTools } from '../../kit/testing/system-tools.ts';
import { askerOfHost, toShort } from '../testing/host.ts';

const isUsual = layoutOf(process.arch).utmpBytes === 384;
const skip = isUsual ? {} : { skip: 'records of 32 bits are tested on x64' };
const base = Date.parse('2026-06-01T07:00:00Z') / 1000;
const tables = { '/etc/passwd': 'root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n' };

interface Written {
  readonly type?: number;
  readonly name?: string;
  readonly seconds?: number;
  readonly from?: string;
  readonly address?: readonly number[];
  readonly terminal?: string;
}

function record({ type = 7, name = '', seconds = base, from = '', address = [], terminal = 'pts/0' }: Written): Buffer {
  const bytes = Buffer.alloc(384);
  bytes.writeInt16LE(type, 0);
  bytes.write(terminal, 8, 'latin1');
  bytes.write(name, 44, 'latin1');
  bytes.write(from, 76, 'latin1');
  bytes.writeUInt32LE(seconds, 340);
  bytes.set(address, 348);
  return bytes;
}

const wtmp = Buffer.concat([
  record({ type: 2, name: 'reboot', terminal: '~' }),
  record({ name: 'alice', from: '192.0.2.1', seconds: base + 10 }),
  record({ name: 'alice', address: [192, 0, 2, 1], seconds: base + 20, terminal: 'pts/1' }),
  Buffer.alloc(384),
  record({ name: 'gone', from: 'host.example.org', seconds: base + 30 }),
  record({ name: 'alice', address: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], seconds: base + 40 }),
  record({ type: 8, seconds: base + 50 }),
]);

describe('logins', skip, () => {
  it('are counted by account and by address', async () => {
    const { ask } = askerOfHost(makeHost({ ...tables, '/var/log/wtmp': wtmp }));
    const { hits, receipt } = await ask({ sources: ['login'], by: 'account' });
    assert.deepEqual(toShort(hits), ['login alice 3', 'login unknown account 1']);
    assert.deepEqual([hits[0]?.first, hits[0]?.last], [(base + 10) * 1000, (base + 40) * 1000]);
    assert.deepEqual(toShort((await ask({ sources: ['login'], by: 'address' })).hits), [
      'login 192.0.2.1 2',
      'login 2001:db8:0:0:0:0:0:1 1',
      'login no address 1',
    ]);
    assert.equal(receipt.sources?.find(({ kind }) => kind === 'wtmp')?.entries, 6);
  });

  it('are as many as last says', {
    ...skip,
    ...(whyNoTools('last') === null ? {} : { skip: whyNoTools('last') ?? '' }),
  }, async () => {
    const host = makeHost({ ...tables, '/var/log/wtmp': wtmp });
    const theirs = linesOfTools(host, `last -w -f '${host.at('/var/log/wtmp')}'`).filter((line) => /pts\//.test(line));
    const { hits } = await askerOfHost(host).ask({ sources: ['login'] });
    assert.equal(hits[0]?.count, theirs.length);
  });

  it('are of the asked time, terminal and type', async () => {
    const { ask } = askerOfHost(makeHost({ ...tables, '/var/log/wtmp': wtmp }));
    const countOf = async (search: object): Promise<number> =>
      (await ask({ sources: ['login'], ...search })).hits[0]?.count ?? 0;
    assert.equal(await countOf({ until: '2026-06-01T06:59' }), 0);
    assert.equal(await countOf({ since: '2026-06-01', until: '2026-06-01' }), 4);
    assert.equal(await countOf({ fields: ['terminal=pts/1'] }), 1);
    assert.equal(await countOf({ fields: ['terminal=pts/1', 'terminal=pts/0'] }), 4);
    assert.equal(await countOf({ fields: ['terminal!=pts/1'] }), 3);
    assert.equal(await countOf({ fields: ['address~^192', 'account!~^a'] }), 0);
    assert.equal(await countOf({ fields: ['type=boot'] }), 1);
    assert.equal(await countOf({ fields: ['type~.'] }), 6);
  });

  it('of rotated files count, packed ones are a gap', async () => {
    const host = makeHost({
      ...tables,
      '/var/log/wtmp': record({ name: 'alice' }),
      '/var/log/wtmp.1': record({ name: 'alice' }),
      '/var/log/wtmp-20260101': record({ name: 'root' }),
      '/var/log/wtmp.2.gz': gzipSync(record({ name: 'root' })),
    });
    const { hits, receipt } = await askerOfHost(host).ask({ sources: ['login'] });
    assert.equal(hits[0]?.count, 3);
    assert.deepEqual(receipt.skipped, [{ reason: 'unsupported', count: 1 }]);
  });

  it('that failed name only accounts of this machine, in every class', async () => {
    const btmp = ['hunter2', 'Passw0rd', 'root'].map((name) => record({ type: 6, name, from: '192.0.2.9' }));
    const { askAll } = askerOfHost(makeHost({ ...tables, '/var/log/btmp': Buffer.concat(btmp) }));
    const answer = await askAll({ s1: { sources: ['failed'], by: 'account' } });
    assert.deepEqual(toShort(answer.hits), ['failed unknown account 2', 'failed root 1']);
    assert.doesNotMatch(JSON.stringify(answer), /hunter2|Passw0rd/);
    const local = await askAll({ s1: { sources: ['failed'], by: 'account', options: { accounts: true } } });
    assert.deepEqual(toShort(local.hits), ['failed root 1']);
  });

  it('of damaged files count as far as they go', async () => {
    const host = makeHost({
      ...tables,
      '/var/log/wtmp': Buffer.concat([record({ name: 'alice' }), Buffer.alloc(100, 7)]),
    });
    const { hits } = await askerOfHost(host).ask({ sources: ['login'] });
    assert.equal(hits[0]?.count, 1);
  });
});

describe('logins in databases', () => {
  it('are those of wtmpdb', async () => {
    const host = makeHost({ ...tables, '/var/lib/wtmpdb/.keep': '' });
    const database = new DatabaseSync(host.at('/var/lib/wtmpdb/wtmp.db'));
    database.exec(
      'CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT',
    );
    const insert = database.prepare('INSERT INTO wtmp(Type, User, Login, TTY, RemoteHost) VALUES(?, ?, ?, ?, ?)');
    insert.run(1, 'reboot', base * 1_000_000, '~', '6.1.0');
    insert.run(3, 'alice', (base + 5) * 1_000_000, 'pts/0', '192.0.2.1');
    database.close();
    const { hits } = await askerOfHost(host).ask({ sources: ['login'], by: 'address' });
    assert.deepEqual(toShort(hits), ['login 192.0.2.1 1']);
    assert.equal(hits[0]?.first, (base + 5) * 1000);
  });

  function writeLastlog(host: TestHost): void {
    const file = openSync(host.at('/var/log/lastlog'), 'w');
    ftruncateSync(file, 292 * 1_000_001);
    const one = Buffer.alloc(292);
    one.writeUInt32LE(base, 0);
    one.write('pts/7', 4, 'latin1');
    one.write('192.0.2.7', 36, 'latin1');
    writeSync(file, one, 0, one.length, 1000 * 292);
    closeSync(file);
  }

  it('are the last ones of lastlog and lastlog2', skip, async () => {
    const host = makeHost({ ...tables, '/var/lib/lastlog/.keep': '', '/var/log/.keep': '' });
    writeLastlog(host);
    const database = new DatabaseSync(host.at('/var/lib/lastlog/lastlog2.db'));
    database.exec(
      'CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT)',
    );
    database.prepare('INSERT INTO Lastlog2 VALUES(?, ?, ?, ?, ?)').run('root', base + 1, 'tty1', null, 'login');
    database.close();
    const { ask } = askerOfHost(host);
    assert.deepEqual(toShort((await ask({ sources: ['last'], by: 'terminal' })).hits), ['last pts/7 1', 'last tty1 1']);
    assert.deepEqual(toShort((await ask({ sources: ['last'], fields: ['account=alice'], by: 'address' })).hits), [
      'last 192.0.2.7 1',
    ]);
  });
});
