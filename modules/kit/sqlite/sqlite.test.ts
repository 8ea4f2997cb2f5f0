// Every database is made by SQLite itself.
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isMalformed } from '../files/malformed.ts';
import { Gate } from '../gate.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openPages } from './pages.ts';
import { readVarint } from './record.ts';
import { readTable, type SqliteRow } from './table.ts';

const gate = new Gate(undefined);
const mostRowBytes = 16 * 1024 * 1024;

function read(path: string, table = 'T'): readonly SqliteRow[] {
  const pages = openPages(gate, path);
  assert.ok(pages.kind === 'pages', JSON.stringify(pages));
  try {
    return [...readTable(pages, table, mostRowBytes)];
  } finally {
    pages.close();
  }
}

const values = [null, 0, 1, -1, 127, -128, 32_767, 8_388_607, 2 ** 31, -(2 ** 47), 2 ** 52, 1.5, '', 'text', 'Jörg 😀'];

function fill(database: DatabaseSync, rows: number): void {
  database.exec('CREATE TABLE other(x); CREATE TABLE T(id INTEGER PRIMARY KEY, a, b BLOB)');
  const insert = database.prepare('INSERT INTO T VALUES(?, ?, ?)');
  database.exec('BEGIN');
  for (let index = 0; index < rows; index += 1)
    insert.run(index * 3 + 1, values[index % values.length] ?? null, Buffer.alloc((index * 37) % 5000, index));
  database.exec('COMMIT');
}

/** What SQLite itself reads. */
function expected(database: DatabaseSync): readonly SqliteRow[] {
  return database
    .prepare('SELECT id, a, b FROM T ORDER BY id')
    .all()
    .map(({ id, a, b }) => ({
      rowId: Number(id),
      values: [null, a as string | number | null, Buffer.from(b as Uint8Array)],
    }));
}

describe('the reader of SQLite databases', () => {
  for (const pageBytes of [512, 1024, 4096, 65_536])
    for (const encoding of ['UTF-8', 'UTF-16le', 'UTF-16be'])
      it(`reads pages of ${pageBytes} bytes with text in ${encoding} as SQLite does`, (context) => {
        const path = join(temporaryFolder(context), 'db');
        const database = new DatabaseSync(path);
        database.exec(`PRAGMA page_size=${pageBytes}; PRAGMA encoding='${encoding}'`);
        fill(database, 400);
        assert.deepEqual(read(path), expected(database));
        assert.deepEqual(read(path, 'other'), []);
        database.close();
      });

  it('reads what was committed to the log, and no more, and writes nothing', (context) => {
    const folder = temporaryFolder(context);
    const path = join(folder, 'db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0');
    fill(database, 100);
    database.exec('DELETE FROM T WHERE id > 200; UPDATE T SET a = 7 WHERE id < 50');
    const committed = expected(database);
    // Larger than the cache: pages of an open transaction are in the log.
    database.exec('PRAGMA cache_size=5; BEGIN; UPDATE T SET b = zeroblob(4000)');
    const state = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
    const before = state();
    assert.deepEqual(read(path), committed);
    assert.deepEqual(state(), before);
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
    assert.deepEqual(read(path), expected(database));
    // The log begins again, with the rest of the last round behind its end.
    database.exec("UPDATE T SET a = 'last' WHERE id = 1");
    assert.deepEqual(read(path), expected(database));
    database.close();
  });

  it('ends at a frame of the log that was not written whole', (context) => {
    const folder = temporaryFolder(context);
    const path = join(folder, 'db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0');
    fill(database, 20);
    const first = expected(database);
    const logBytes = statSync(`${path}-wal`).size;
    database.exec('UPDATE T SET a = 9');
    const copy = join(folder, 'copy');
    copyFileSync(path, copy);
    const log = readFileSync(`${path}-wal`);
    for (const cut of [log.subarray(0, log.length - 1), Buffer.from(log).fill(1, logBytes + 40, logBytes + 48)]) {
      writeFileSync(`${copy}-wal`, cut);
      assert.deepEqual(read(copy), first);
    }
    database.close();
  });

  it('does not read a database in the middle of a commit', (context) => {
    const path = join(temporaryFolder(context), 'db');
    const database = new DatabaseSync(path);
    fill(database, 100);
    database.exec('PRAGMA cache_size=5; BEGIN; UPDATE T SET b = zeroblob(4000)');
    assert.deepEqual(openPages(gate, path), { kind: 'unread', reason: 'changed-while-read' });
    database.close();
  });

  it('says when a database was written while it was read', (context) => {
    const path = join(temporaryFolder(context), 'db');
    const database = new DatabaseSync(path);
    fill(database, 10);
    const pages = openPages(gate, path);
    assert.ok(pages.kind === 'pages');
    assert.equal(pages.hasChanged(), false);
    fillMore(database);
    assert.equal(pages.hasChanged(), true);
    pages.close();
    database.close();
  });

  it('refuses a longer row than is expected', (context) => {
    const path = join(temporaryFolder(context), 'db');
    const database = new DatabaseSync(path);
    fill(database, 100);
    database.close();
    const pages = openPages(gate, path);
    assert.ok(pages.kind === 'pages');
    assert.throws(() => [...readTable(pages, 'T', 1000)], { code: 'database-malformed' });
    pages.close();
  });

  it('takes any bytes in the place of any others, and ends', (context) => {
    const folder = temporaryFolder(context);
    const path = join(folder, 'db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA page_size=512');
    fill(database, 60);
    database.close();
    const whole = readFileSync(path);
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    const changed = join(folder, 'changed');
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(whole.length), (changes, length) => {
        const bytes = Buffer.from(whole.subarray(0, length % 5 === 0 ? length : whole.length));
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        writeFileSync(changed, bytes);
        try {
          read(changed);
        } catch (error) {
          assert.ok(isMalformed(error), String(error));
        }
      }),
      { numRuns: 1500 },
    );
  });
});

function fillMore(database: DatabaseSync): void {
  database.exec('INSERT INTO T(a, b) SELECT a, zeroblob(9000) FROM T');
}

describe('readVarint', () => {
  for (const [hex, value] of [
    ['00', 0],
    ['7f', 127],
    ['8100', 128],
    ['ff7f', 16_383],
    ['8080808080808001', 1],
    ['808080808080808001', 1],
  ] as const)
    it(`reads ${hex}`, () => {
      const { value: read, end } = readVarint(Buffer.from(hex, 'hex'), 0);
      assert.deepEqual([read, end], [value, hex.length / 2]);
    });

  it('refuses a number that is cut', () =>
    assert.throws(() => readVarint(Buffer.from('ff', 'hex'), 0), { code: 'database-malformed' }));
});
