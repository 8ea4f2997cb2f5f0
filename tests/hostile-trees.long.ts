/**
 * `npm run test:hostile`: time and memory of the file module on trees that should exhaust it. Making two million entries
 * takes minutes, so this is not part of `npm test`; `modules/file/hostile.test.ts` has the rest.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Receipt } from '../protocol/result/result.ts';
import { ask, prepareAsking } from '../tools/bench/ask.ts';
import type { AskCost, AskLimits } from '../tools/bench/row.ts';

const mebibyte = 1024 * 1024;
/** Memory limit of a module process with few hits, whatever it examines. */
const peakLimit = 120 * mebibyte;

const folder = mkdtempSync(join(tmpdir(), 'mig-hostile-'));
after(() => rmSync(folder, { recursive: true, force: true }));
before(() => prepareAsking(() => {}));

function print(what: string, { wallSeconds, cpuSeconds, peakBytes, receipt }: AskCost): void {
  const { examined, skipped, cutshort } = receipt;
  const skips = skipped.map(({ reason, count }) => `${count} ${reason}`).join(', ') || 'nothing';
  const cost = `${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} CPU s, peak ${(peakBytes / mebibyte).toFixed(1)} MiB`;
  const looked = `${examined.files} files, ${examined.directories} directories, ${((examined.bytes ?? 0) / mebibyte).toFixed(0)} MiB`;
  process.stderr.write(`${what}: ${cost}; examined ${looked}; skipped ${skips}; cut short: ${cutshort ?? 'no'}\n`);
}

/** Asks a new module process; its answer must have this number of hits. */
async function askFor(what: string, search: object, hits: number, limits: AskLimits = {}): Promise<AskCost> {
  const parameters = { searches: { s1: { paths: ['$corpus'], ...search } } };
  const cost = await ask({ module: 'file', parameters, hits }, folder, limits);
  print(what, cost);
  assert.ok(cost.peakBytes < peakLimit, `expected a peak below 120 MiB, got ${cost.peakBytes} bytes`);
  return cost;
}

const matchAll = { matchall: true, matchlimit: 0 };

describe('two million entries', () => {
  const flatEntries = 300_000;
  const directories = 400;
  const perDirectory = 4250;
  /** The least number of links to one file that file systems allow. */
  const linksPerFile = 60_000;
  /** Plus the flat folder and the three folders around all. */
  const examined = { files: directories * perDirectory + flatEntries, directories: directories + 4 };
  const skipped: Receipt['skipped'] = [
    { reason: 'special-file', count: 1 },
    { reason: 'link-outside', count: 1 },
    { reason: 'link-loop', count: 1 },
  ];
  const tree = join(folder, 'millions');

  function fill(path: string, entries: number): void {
    mkdirSync(path);
    let first = '';
    for (let index = 0; index < entries; index += 1) {
      const file = join(path, `entry-${index}`);
      if (index % linksPerFile === 0) {
        first = file;
        writeFileSync(file, '');
      } else linkSync(first, file);
    }
  }

  before(() => {
    mkdirSync(join(tree, 'many'), { recursive: true });
    for (let index = 0; index < directories; index += 1) fill(join(tree, 'many', `d${index}`), perDirectory);
    fill(join(tree, 'flat'), flatEntries);
    symlinkSync('/etc', join(tree, 'many', 'outside'));
    symlinkSync('loop', join(tree, 'many', 'loop'));
    execFileSync('mkfifo', [join(tree, 'many', 'pipe')]);
  });
  after(() => rmSync(tree, { recursive: true }));

  function assertComplete({ receipt }: AskCost): void {
    assert.equal(receipt.cutshort, null);
    assert.deepEqual(
      { ...receipt.examined, bytes: undefined },
      { ...examined, files: examined.files + 2, bytes: undefined },
    );
  }

  test('are all looked at for a name', async () => {
    const search = { names: ['^entry-4249$'], options: matchAll };
    assertComplete(await askFor('names', search, directories + 1));
  });

  test('are all looked at for size, mode and time, and what was skipped is told', async () => {
    const search = { sizes: ['>1k'], modes: ['^-rw'], mtimes: ['<1d'], options: matchAll };
    const cost = await askFor('size, mode, mtime', search, 0);
    assertComplete(cost);
    const bySkip = (list: Receipt['skipped']) => list.toSorted((a, b) => a.reason.localeCompare(b.reason));
    assert.deepEqual(bySkip(cost.receipt.skipped), bySkip(skipped));
  });

  test('are all opened for a digest', async () => {
    const cost = await askFor('sha256', { sha2: ['0'.repeat(64)], options: matchAll }, 0);
    assertComplete(cost);
  });

  test('are not all told: the answer ends at its limit, and says so', async () => {
    const listed = await askFor('default match limit', { options: { matchall: true } }, 1000);
    assert.equal(listed.receipt.cutshort, 'match-limit');
  });
});

describe('a sparse file of 1 TB', () => {
  const tree = join(folder, 'sparse');
  before(() => {
    mkdirSync(tree);
    writeFileSync(join(tree, 'small'), 'needle\n');
    writeFileSync(join(tree, 'sparse'), '');
    truncateSync(join(tree, 'sparse'), 2 ** 40);
  });
  after(() => rmSync(tree, { recursive: true }));

  for (const [what, search] of [
    ['content', { contents: ['^needle$'] }],
    ['bytes', { bytes: [Buffer.from('needle').toString('hex')] }],
    ['md5', { md5: ['36bb3a5ab2bd4b8b4d76e5e7a8bbba7a'] }],
  ] as const)
    test(`ends a question for ${what} at its time, and the receipt says so`, async () => {
      const hits = what === 'md5' ? 0 : 1;
      const cost = await askFor(`1 TB, ${what}`, { ...search, options: matchAll }, hits, { seconds: 2 });
      assert.equal(cost.receipt.cutshort, 'time');
      assert.ok(cost.wallSeconds < 3);
    });

  test('is no work when its size rules it out', async () => {
    const search = { sizes: ['<1g'], contents: ['^needle$'], options: matchAll };
    const { receipt, wallSeconds } = await askFor('1 TB, ruled out', search, 1);
    assert.equal(receipt.cutshort, null);
    assert.ok(wallSeconds < 1);
  });
});

describe('lines of 100 KB', () => {
  const tree = join(folder, 'lines');
  const lines = 3000;
  before(() => {
    mkdirSync(tree);
    const file = openSync(join(tree, 'long'), 'w');
    const line = `${'long line '.repeat(10_000)}\n`;
    for (let index = 0; index < lines; index += 1) writeSync(file, line);
    writeSync(file, `${'x'.repeat(100_000)}needle${'x'.repeat(100_000)}\n`);
    closeSync(file);
  });
  after(() => rmSync(tree, { recursive: true }));

  for (const [what, contents] of [
    ['a literal', 'needle'],
    ['a pattern that begins at the line', '^x+needle'],
    ['a pattern without any literal', '[a-m]{3}[^ ]e[x]{8,}'],
  ] as const)
    test(`are searched to the end for ${what}`, async () => {
      const { receipt } = await askFor(`100 KB lines, ${what}`, { contents: [contents], options: matchAll }, 1);
      assert.equal(receipt.cutshort, null);
      assert.equal(receipt.examined.bytes, statSync(join(tree, 'long')).size);
    });
});

describe('a file that grows while it is read', () => {
  const tree = join(folder, 'growing');
  const file = join(tree, 'growing.log');
  before(() => {
    mkdirSync(tree);
    writeFileSync(file, 'a line of a log\n'.repeat(2_000_000));
  });
  after(() => rmSync(tree, { recursive: true }));

  for (const search of [{ contents: ['needle'] }, { sha1: ['0'.repeat(40)] }])
    test(`is read up to the size that it had: ${Object.keys(search)}`, async () => {
      const sizeBefore = statSync(file).size;
      const line = 'another line of the log, which never ends';
      const writer = spawn('sh', ['-c', `while :; do echo '${line}'; done >> '${file}'`], { stdio: 'ignore' });
      try {
        const { receipt } = await askFor(`growing, ${Object.keys(search)}`, { ...search, options: matchAll }, 0);
        const sizeAfter = statSync(file).size;
        assert.ok(sizeAfter > sizeBefore, 'it grew');
        assert.equal(receipt.cutshort, null);
        const { bytes = 0 } = receipt.examined;
        assert.ok(bytes >= sizeBefore && bytes <= sizeAfter, `expected ${sizeBefore} to ${sizeAfter}, got ${bytes}`);
      } finally {
        writer.kill('SIGKILL');
      }
    });
});
