/** Digests of many files at once in a whole scan: each file gets its own, whatever its neighbours are. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import {
  type DigestAlgorithm,
  native,
  type ScanCheck,
  type ScanHit,
  type ScanPlan,
  type ScanSummary,
} from '../index.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mig-batch-'));
  folders.push(folder);
  return folder;
}

const algorithms = ['md5', 'sha1', 'sha256', 'sha512'] as const satisfies readonly DigestAlgorithm[];

/** The digests of each file, by path. */
function makeFiles(folder: string, lengths: readonly number[]): Map<string, Record<string, string>> {
  const digests = new Map<string, Record<string, string>>();
  for (const [index, length] of lengths.entries()) {
    const bytes = Buffer.alloc(length, `${index} of these bytes;`);
    const path = join(folder, `file ${index}`);
    writeFileSync(path, bytes);
    const entries = algorithms.map((algorithm) => [algorithm, createHash(algorithm).update(bytes).digest('hex')]);
    digests.set(path, Object.fromEntries(entries));
  }
  return digests;
}

async function scan(folder: string, checks: readonly ScanCheck[], changes: Partial<ScanPlan> = {}) {
  const hits: ScanHit[] = [];
  const options = {
    matchAll: false,
    decompress: false,
    encoding: 'auto' as const,
    returnSha256: true,
    maxDepth: 0,
    matchLimit: 0,
  };
  const search = { checks, ...options } as const;
  const plan = {
    searches: [search],
    roots: [{ path: folder, searches: [0] }],
    threads: 2,
    cpuPercent: 0,
    seconds: 0,
    maxErrors: 0,
  };
  const job = native().startScan({ ...plan, ...changes }, (batch) => void hits.push(...batch));
  const summary: ScanSummary = await job.done;
  return { hits, summary, job };
}

const small = Array.from({ length: 301 }, (_, length) => length);
const border = [4095, 4096, 4097, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 2_097_151, 2_097_153];
const large = Array.from({ length: 45 }, (_, index) => 300_000 + index * 7001);

describe('digests of many files', () => {
  for (const [name, lengths] of Object.entries({ small, border, large, mixed: [...large, ...small, ...border] }))
    for (const threads of [1, 2, 4])
      it(`are right for ${name} ones with ${threads} threads`, async () => {
        const folder = makeFolder();
        const files = makeFiles(folder, lengths);
        const checks = algorithms.map((algorithm): ScanCheck => {
          const values = [...files.values()].map((digests) => ({ algorithm, hex: digests[algorithm] ?? '' }));
          return { kind: 'digest', invert: false, values };
        });
        const { hits, summary } = await scan(folder, checks, { threads });
        assert.equal(hits.length, algorithms.length * lengths.length, 'each file once for each algorithm');
        assert.equal(
          summary.bytes,
          lengths.reduce((sum, length) => sum + length, 0),
          'read once',
        );
        for (const hit of hits) {
          const own = files.get(hit.path);
          const check = checks[hit.check];
          assert.ok(own !== undefined && check?.kind === 'digest');
          const value = check.values[hit.value];
          assert.equal(value?.hex, own[value?.algorithm ?? '']);
          assert.equal(hit.sha256, own.sha256);
        }
      });

  it('are not given for a file that could not be read to its end', async () => {
    const folder = makeFolder();
    for (let index = 0; index < 20; index += 1) {
      writeFileSync(join(folder, `${index}`), '');
      truncateSync(join(folder, `${index}`), 2 ** 40);
    }
    const before = readdirSync('/proc/self/fd').length;
    const values = [{ algorithm: 'md5', hex: '0'.repeat(32) }] as const;
    const { hits, summary } = await scan(folder, [{ kind: 'digest', invert: true, values }], { seconds: 0.3 });
    assert.equal(summary.stopped, 'time');
    assert.deepEqual(hits, [], 'that a digest differs is not known either');
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });
});
