import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ExecutableCache } from './cache.ts';

let folder: string;
let cache: ExecutableCache;
let output: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mig-cache-'));
  cache = new ExecutableCache(join(folder, 'agents'), 0o700);
  output = join(folder, 'output');
});
afterEach(() => rmSync(folder, { recursive: true }));

function writes(text: string): (path: string) => Promise<void> {
  return async (path) => writeFileSync(path, text, { mode: 0o755 });
}

async function mustNotRun(): Promise<void> {
  throw new Error('expected the cached executable');
}

test('the second request for a key is a copy', async () => {
  assert.equal(await cache.provide('k1', output, writes('one')), 'made');
  rmSync(output);
  assert.equal(await cache.provide('k1', output, mustNotRun), 'cached');
  assert.equal(readFileSync(output, 'utf8'), 'one');
  assert.equal(statSync(output).mode & 0o777, 0o700);
});

test('whoever changes the delivered file does not change the cached one', async () => {
  await cache.provide('k1', output, writes('one'));
  writeFileSync(output, 'signed');
  await cache.provide('k1', output, mustNotRun);
  assert.equal(readFileSync(output, 'utf8'), 'one');
});

test('a failed build leaves neither an entry nor rubbish, and the output as it was', async () => {
  await cache.provide('k1', output, writes('one'));
  const failing = cache.provide('k2', output, async (path) => {
    writeFileSync(path, 'half');
    throw new RangeError('no space');
  });
  await assert.rejects(failing, RangeError);
  assert.deepEqual(readdirSync(join(folder, 'agents')), ['k1']);
  assert.equal(readFileSync(output, 'utf8'), 'one');
});

test('two builds of the same at once both succeed', async () => {
  const other = join(folder, 'other');
  await Promise.all([
    cache.provide('k1', output, writes('one')),
    new ExecutableCache(join(folder, 'agents'), 0o700).provide('k1', other, writes('one')),
  ]);
  assert.equal(readFileSync(output, 'utf8'), 'one');
  assert.equal(readFileSync(other, 'utf8'), 'one');
  assert.deepEqual(readdirSync(join(folder, 'agents')), ['k1']);
});

test('the executables used longest ago are removed', async () => {
  for (let count = 1; count <= 6; count += 1) {
    await cache.provide(`k${count}`, output, writes('one'));
    utimesSync(join(folder, 'agents', `k${count}`), count, count);
  }
  await cache.provide('k1', output, mustNotRun);
  await cache.provide('k7', output, writes('seven'));
  assert.deepEqual(readdirSync(join(folder, 'agents')).sort(), ['k1', 'k3', 'k4', 'k5', 'k6', 'k7']);
});

test('the folder is closed to other users: the executables hold credentials', async () => {
  await cache.provide('k1', output, writes('one'));
  assert.equal(statSync(join(folder, 'agents')).mode & 0o777, 0o700);
});
