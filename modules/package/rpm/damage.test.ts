// The parsers of rpm's databases take any bytes.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openHostFile } from '../../kit/files/host-file.ts';
import { isMalformed } from '../../kit/files/malformed.ts';
import { Gate } from '../../kit/gate.ts';
import { readBerkeleyDb } from '../../kit/packages/rpm/berkeley-db.ts';
import { RpmHeader, tags } from '../../kit/packages/rpm/header.ts';
import { readNdb } from '../../kit/packages/rpm/ndb.ts';
import { toNdb } from '../../kit/testing/rpm-database.ts';
import { temporaryFolder } from '../../kit/testing/temporary-folder.ts';
import { toRow } from './row.ts';

const mostBytes = 1024 * 1024;

/** A header with these texts by tag. */
function toHeader(texts: Readonly<Record<number, string>>): Buffer {
  const entries = Object.entries(texts);
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [tag, text] of entries) {
    const entry = Buffer.alloc(16);
    for (const [at, value] of [Number(tag), 6, offset, 1].entries()) entry.writeUInt32BE(value, at * 4);
    index.push(entry);
    data.push(Buffer.from(`${text}\0`));
    offset += text.length + 1;
  }
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(entries.length, 0);
  counts.writeUInt32BE(offset, 4);
  return Buffer.concat([counts, ...index, ...data]);
}

const header = toHeader({
  [tags.name]: 'a',
  [tags.version]: '1',
  [tags.release]: '2',
  [tags.sourceRpm]: 'b-1-2.src.rpm',
});

/** Two pages of a hash of Berkeley DB with one value on the page and one in a chain. */
function makeHash(): Buffer {
  const pageBytes = 512;
  const pages = Buffer.alloc(pageBytes * 4);
  pages.writeUInt32LE(0x06_1561, 12);
  pages.writeUInt32LE(pageBytes, 20);
  pages.writeUInt32LE(3, 32);
  const page = pages.subarray(pageBytes, pageBytes * 2);
  page[25] = 13;
  page.writeUInt16LE(4, 20);
  const items = [Buffer.from([1, 1, 0, 0, 0]), Buffer.concat([Buffer.from([1]), header]), Buffer.from([1, 2, 0, 0, 0])];
  const chain = Buffer.alloc(12);
  chain[0] = 3;
  chain.writeUInt32LE(2, 4);
  chain.writeUInt32LE(header.length, 8);
  let end = pageBytes;
  for (const [index, item] of [...items, chain].entries()) {
    end -= item.length;
    item.copy(page, end);
    page.writeUInt16LE(end, 26 + index * 2);
  }
  for (const [number, from, to, next] of [
    [2, 0, 50, 3],
    [3, 50, header.length, 0],
  ] as const) {
    const overflow = pages.subarray(pageBytes * number, pageBytes * (number + 1));
    overflow[25] = 7;
    overflow.writeUInt32LE(next, 16);
    overflow.writeUInt16LE(to - from, 22);
    header.copy(overflow, 26, from, to);
  }
  return pages;
}

const forms = {
  ndb: { make: () => toNdb([header, header]), read: readNdb },
  bdb: { make: makeHash, read: readBerkeleyDb },
} as const;

describe('a database of rpm', () => {
  for (const [name, { make, read }] of Object.entries(forms)) {
    const whole = make();

    function readBytes(folder: string, bytes: Buffer): Buffer[] {
      const path = join(folder, 'database');
      writeFileSync(path, bytes);
      const file = openHostFile(new Gate(undefined), path);
      assert.ok(file.kind === 'file');
      try {
        return [...read(file, mostBytes)];
      } finally {
        file.close();
      }
    }

    it(`in the form ${name} has its headers`, (context) =>
      assert.deepEqual(readBytes(temporaryFolder(context), whole), [header, header]));

    it(`in the form ${name} may have any bytes in the place of others`, (context) => {
      const folder = temporaryFolder(context);
      const change = fc.record({
        at: fc.nat(whole.length - 1),
        byte: fc.constantFrom(0, 1, 2, 3, 7, 13, 127, 128, 255),
      });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(), (changes, cut) => {
          const bytes = Buffer.from(cut % 4 === 0 ? whole.subarray(0, cut % whole.length) : whole);
          for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
          try {
            readBytes(folder, bytes);
          } catch (error) {
            assert.ok(isMalformed(error), String(error));
          }
        }),
        { numRuns: 1500 },
      );
    });
  }
});

describe('a header of rpm', () => {
  it('has its texts', () => {
    assert.deepEqual(toRow(new RpmHeader(header)), {
      name: 'a',
      version: '1-2',
      type: 'rpm',
      status: 'installed',
      source: 'b',
    });
  });

  it('of a key is no package', () =>
    assert.equal(toRow(new RpmHeader(toHeader({ [tags.name]: 'gpg-pubkey' }))), undefined));

  it('may have any bytes in the place of others', () => {
    const change = fc.record({ at: fc.nat(header.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(header.length), (changes, length) => {
        const bytes = Buffer.from(header.subarray(0, length));
        for (const { at, byte } of changes) if (at < length) bytes[at] = byte;
        try {
          toRow(new RpmHeader(bytes));
        } catch (error) {
          assert.ok(isMalformed(error), String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('says no size that it does not have', () => {
    for (const counts of ['ffffffffffffffff', '0000000100000000', '00000000ffffffff', '0001000000000000'])
      assert.throws(() => new RpmHeader(Buffer.from(counts, 'hex')), { code: 'database-malformed' });
  });
});
