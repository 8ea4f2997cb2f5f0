/** The parsers of an endpoint's databases of packages: whoever owns the endpoint wrote them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HostFile, openHostFile } from '../../../modules/kit/files/host-file.ts';
import { Gate } from '../../../modules/kit/gate.ts';
import { ApkPackage } from '../../../modules/kit/packages/apk/database.ts';
import { expectedOfApk } from '../../../modules/kit/packages/apk/expected.ts';
import { hasCapabilities } from '../../../modules/kit/packages/capabilities.ts';
import { ConffileTable } from '../../../modules/kit/packages/dpkg/conffiles.ts';
import { Diversions } from '../../../modules/kit/packages/dpkg/diversions.ts';
import { parseStanzas } from '../../../modules/kit/packages/dpkg/stanza.ts';
import type { ExpectedFile } from '../../../modules/kit/packages/expected-file.ts';
import { expectedOfMtree } from '../../../modules/kit/packages/pacman/mtree.ts';
import { readBerkeleyDb } from '../../../modules/kit/packages/rpm/berkeley-db.ts';
import { expectedOfRpm } from '../../../modules/kit/packages/rpm/expected.ts';
import { RpmHeader, tags } from '../../../modules/kit/packages/rpm/header.ts';
import { readNdb } from '../../../modules/kit/packages/rpm/ndb.ts';
import { readSqlite } from '../../../modules/kit/packages/rpm/sqlite.ts';
import { toNdb } from '../../../modules/kit/testing/rpm-database.ts';
import { type FuzzTarget, takenOrRefused, toSeeds } from '../target.ts';

const mostBytes = 1024 * 1024;
const names = { user: (name: string) => name.length, group: (name: string) => name.length };

/** What is told of a file is within what the file system can say. */
function assertFile({ digest, mode }: ExpectedFile): void {
  if (digest !== undefined) assert.match(digest.hex, /^[\da-fA-F]*$/);
  if (mode !== undefined) assert.ok(mode >= 0 && mode <= 0o7777);
}

/** An entry of a header: tag, type, number of values, and their bytes. */
type Value = readonly [tag: number, type: number, count: number, bytes: Buffer];

function texts(...list: readonly string[]): Buffer {
  return Buffer.from(list.map((text) => `${text}\0`).join(''));
}

function int16(...list: readonly number[]): Buffer {
  return Buffer.concat(list.map((one) => Buffer.from([one >> 8, one & 255])));
}

function int32(...list: readonly number[]): Buffer {
  const bytes = Buffer.alloc(list.length * 4);
  for (const [index, one] of list.entries()) bytes.writeUInt32BE(one, index * 4);
  return bytes;
}

function makeHeader(): Buffer {
  const values: readonly Value[] = [
    [tags.name, 6, 1, texts('one')],
    [tags.version, 6, 1, texts('1')],
    [tags.fileModes, 3, 2, int16(0o100755, 0o120777)],
    [tags.fileDigests, 8, 2, texts('a'.repeat(64), '')],
    [tags.fileLinks, 8, 2, texts('', 'a')],
    [tags.fileFlags, 4, 2, int32(1, 0)],
    [tags.fileDigestAlgorithm, 4, 1, int32(8)],
    [tags.folderNumbers, 4, 2, int32(0, 0)],
    [tags.baseNames, 8, 2, texts('a', 'b')],
    [tags.folders, 8, 1, texts('/usr/bin/')],
  ];
  let offset = 0;
  const index = values.map(([tag, type, count, bytes]) => {
    const entry = int32(tag, type, offset, count);
    offset += bytes.length;
    return entry;
  });
  return Buffer.concat([int32(values.length, offset), ...index, ...values.map(([, , , bytes]) => bytes)]);
}

const rpmHeader: FuzzTarget = {
  name: 'rpm-header',
  side: 'agent',
  holds: 'a path has at most 4096 bytes, and a mode 12 bits',
  prepare: async () => ({
    seeds: [makeHeader()],
    take: (input) =>
      takenOrRefused(['database-malformed'], () => {
        const header = new RpmHeader(input);
        header.text(tags.name);
        for (const file of expectedOfRpm(header, names)) {
          assert.ok(file.path.length <= 4096);
          assertFile(file);
        }
        return true;
      }) ?? false,
  }),
};

type Read = (file: HostFile, path: string) => Iterable<Buffer>;

/** A parser of a whole file, which is written for each input. */
function databaseTarget(name: string, makeSeed: (folder: string) => Buffer, read: Read): FuzzTarget {
  return {
    name,
    side: 'agent',
    holds: 'all headers together are not larger than the file, but for pages that are read twice',
    prepare: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mig-fuzz-'));
      const path = join(folder, 'database');
      return {
        seeds: [makeSeed(folder)],
        close: async () => rmSync(folder, { recursive: true }),
        take: (input) => {
          writeFileSync(path, input);
          const file = openHostFile(new Gate(undefined), path);
          assert.ok(file.kind === 'file');
          try {
            return (
              takenOrRefused(['database-malformed'], () => {
                let bytes = 0;
                for (const header of read(file, path)) bytes += header.length;
                assert.ok(bytes <= input.length * 2);
                return bytes > 0;
              }) ?? false
            );
          } finally {
            file.close();
          }
        },
      };
    },
  };
}

function makeSqlite(folder: string): Buffer {
  const path = join(folder, 'seed.sqlite');
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA page_size = 512; CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)',
  );
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  for (let index = 0; index < 4; index += 1) insert.run(Buffer.concat([makeHeader(), Buffer.alloc(index * 300, 1)]));
  database.close();
  return readFileSync(path);
}

/** A page about the file, and one with a key and a value. */
function makeBerkeleyDb(): Buffer {
  const pages = Buffer.alloc(1024);
  pages.writeUInt32LE(0x06_1561, 12);
  pages.writeUInt32LE(512, 20);
  pages.writeUInt32LE(1, 32);
  const page = pages.subarray(512);
  page[25] = 13;
  page.writeUInt16LE(2, 20);
  let end = 512;
  for (const [index, item] of [
    Buffer.from([1, 1, 0, 0, 0]),
    Buffer.concat([Buffer.from([1]), makeHeader()]),
  ].entries()) {
    end -= item.length;
    item.copy(page, end);
    page.writeUInt16LE(end, 26 + index * 2);
  }
  return pages;
}

const databases: readonly FuzzTarget[] = [
  databaseTarget(
    'rpm-ndb',
    () => toNdb([makeHeader(), makeHeader()]),
    (file) => readNdb(file, mostBytes),
  ),
  databaseTarget('rpm-bdb', makeBerkeleyDb, (file) => readBerkeleyDb(file, mostBytes)),
  databaseTarget('rpm-sqlite', makeSqlite, (_, path) => readSqlite(new Gate(undefined), path, mostBytes)),
];

const dpkg: FuzzTarget = {
  name: 'dpkg-database',
  side: 'agent',
  holds: 'a package has a name, and a digest 32 digits',
  prepare: async () => ({
    seeds: toSeeds(
      `Package: a\nStatus: install ok installed\nMaintainer: m\nArchitecture: all\nSource: b (1)\nVersion: 1\nConffiles:\n /etc/a ${'0'.repeat(32)} obsolete\n\n`,
      '/bin/sh\n/bin/sh.distrib\ndash\n',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      new Diversions(text).placeOf('a', '/bin/sh');
      const conffiles = new ConffileTable([text]);
      let taken = false;
      for (const { package: name, architecture } of parseStanzas(text)) {
        assert.ok(name !== undefined && !name.includes('\n'));
        for (const digest of conffiles.of(name, architecture ?? '').values()) assert.match(digest, /^[\da-f]{32}$/);
        taken = true;
      }
      return taken;
    },
  }),
};

const apk: FuzzTarget = {
  name: 'apk-database',
  side: 'agent',
  holds: 'a digest is in hex, and a mode has 12 bits',
  prepare: async () => ({
    seeds: toSeeds(
      'P:busybox\nV:1\nF:bin\nR:busybox\na:0:0:755\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nF:var/tmp\nM:0:0:1777\nR:x\n',
    ),
    take: (input) => {
      const text = input.toString('latin1');
      const paths = [...new ApkPackage(text).paths()];
      for (const file of expectedOfApk(text)) assertFile(file);
      return paths.length > 0;
    },
  }),
};

const pacman: FuzzTarget = {
  name: 'pacman-mtree',
  side: 'agent',
  holds: 'a path is absolute',
  prepare: async () => ({
    seeds: toSeeds(
      `#mtree\n/set type=file uid=0 gid=0 mode=644\n./usr/a\\040b size=1 sha256digest=${'a'.repeat(64)}\n./l type=link link=a\n`,
    ),
    take: (input) => {
      const files = [...expectedOfMtree(input.toString('latin1'), () => false)];
      for (const file of files) {
        assert.ok(file.path.startsWith('/'));
        if (file.digest !== undefined) assert.match(file.digest.hex, /^[\da-f]+$/);
      }
      return files.length > 0;
    },
  }),
};

const capabilities: FuzzTarget = {
  name: 'capabilities',
  side: 'agent',
  holds: 'any text and any bytes are compared',
  prepare: async () => ({
    seeds: toSeeds('cap_net_raw,cap_setuid=ep cap_chown+i\0\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0'),
    take: (input) => {
      const end = input.indexOf(0);
      const text = input.toString('latin1', 0, end < 0 ? input.length : end);
      return hasCapabilities(end < 0 ? Buffer.alloc(0) : input.subarray(end + 1), text) !== undefined;
    },
  }),
};

export const packageTargets: readonly FuzzTarget[] = [rpmHeader, ...databases, dpkg, apk, pacman, capabilities];
