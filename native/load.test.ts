import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '../protocol/base/coded-error.ts';
import { native } from './index.ts';
import { loadFromBytes } from './load.ts';

const bytes = readFileSync(
  join(import.meta.dirname, 'build', `${process.platform}-${process.arch}`, 'mig-native.node'),
);
const sha256 = createHash('sha256').update(bytes).digest('hex');

function hasCode(code: string) {
  return (error: unknown): boolean => error instanceof CodedError && error.code === code;
}

describe('loading from bytes', () => {
  it('refuses an addon with one bit changed', () => {
    const altered = Buffer.from(bytes);
    altered[1000] = (altered[1000] ?? 0) ^ 1;
    assert.throws(() => loadFromBytes(altered, sha256), hasCode('addon-altered'));
    assert.throws(() => loadFromBytes(bytes, ''), hasCode('addon-altered'));
  });

  it('gives a working addon and leaves no file behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mig-load-'));
    try {
      const addon = loadFromBytes(bytes, sha256, [folder]);
      assert.equal(typeof addon, 'object');
      assert.deepEqual(readdirSync(folder), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('for Windows keeps one file for all processes, mends it, and removes those of other builds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mig-load-'));
    try {
      const name = `mig-native-${sha256}.node`;
      writeFileSync(join(folder, name), 'altered');
      writeFileSync(join(folder, `mig-native-${'a'.repeat(64)}.node`), 'of another build');
      writeFileSync(join(folder, 'of somebody else'), '');
      for (let time = 0; time < 2; time += 1) {
        assert.equal(typeof loadFromBytes(bytes, sha256, [folder], 'win32'), 'object');
        assert.deepEqual(readdirSync(folder), [name, 'of somebody else']);
        assert.ok(readFileSync(join(folder, name)).equals(bytes));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tries the next directory when one is of no use, and says which it tried', () => {
    assert.equal(typeof loadFromBytes(bytes, sha256, ['/nowhere', '/proc', tmpdir()]), 'object');
    assert.throws(() => loadFromBytes(bytes, sha256, ['/nowhere', '/proc']), hasCode('addon-not-loadable'));
  });
});

describe('re2Test', () => {
  for (const [pattern, ignoreCase, text, expected] of [
    ['^web\\d+', false, 'web17.example.org', true],
    ['^WEB', false, 'web17', false],
    ['^WEB', true, 'web17', true],
    ['', false, 'x', 'bad-pattern'],
    ['(', false, 'x', 'bad-pattern'],
    ['(?=x)', false, 'x', 'bad-pattern'],
    ['é', true, 'CAFÉ', true],
    ['^web|db', false, 'a db', true],
    ['^webs?$', false, 'web', true],
    ['^web$', false, 'website', false],
    ['^^é.$', false, 'éa', true],
    ['^\\xe9', false, 'é', true],
    ['(?m)^web', false, 'a\nweb', true],
    ['^(?i)web', false, 'WEB', true],
    ['(a+)+$', false, `${'a'.repeat(50_000)}!`, false],
  ] as const)
    it(`gives ${expected} for ${JSON.stringify(pattern)}`, () => {
      if (typeof expected === 'boolean') assert.equal(native().re2Test(pattern, ignoreCase, text), expected);
      else assert.throws(() => native().re2Test(pattern, ignoreCase, text), hasCode(expected));
    });
});

describe('limits of a process', () => {
  const index = JSON.stringify(join(import.meta.dirname, 'index.ts'));

  function runScript(body: string) {
    const script = `import { native } from ${index};\nimport { readFileSync } from 'node:fs';\n${body}`;
    return spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' });
  }

  it('lower the priority of every thread and forbid core files', () => {
    const { stdout } = runScript(`
      native().lowerPriority();
      native().limitMemory(512);
      const nice = (await import('node:fs')).readdirSync('/proc/self/task').map((task) =>
        readFileSync('/proc/self/task/' + task + '/stat', 'utf8').replace(/^.*\\) /, '').split(' ')[16]);
      const core = readFileSync('/proc/self/limits', 'utf8').match(/Max core file size +(\\S+)/)[1];
      console.log(JSON.stringify([[...new Set(nice)], core]));`);
    assert.deepEqual(JSON.parse(stdout), [['19'], '0']);
  });

  it('let a scan run in 192 MiB and refuse what is beyond', () => {
    const { stdout } = runScript(`
      native().limitMemory(192);
      const search = { checks: [{ kind: 'content', pattern: 'needle', everyLine: false, invert: false }],
        matchAll: true, decompress: false, returnSha256: true, encoding: 'auto', maxDepth: 0, matchLimit: 1 };
      const plan = { searches: [search], roots: [{ path: '/etc', searches: [0] }], threads: 2, cpuPercent: 100, seconds: 30, maxErrors: 1 };
      const { files, stopped } = await native().startScan(plan, () => {}).done;
      let refused = false;
      // At once: V8 ends a process whose last pages are used up by small pieces.
      try { Buffer.alloc(192 * 1024 * 1024, 1); } catch { refused = true; }
      console.log(JSON.stringify([files > 0, stopped, refused]));`);
    assert.deepEqual(JSON.parse(stdout), [true, null, true]);
  });

  for (const [kind, checks] of [
    ['names', '[]'],
    ['content', "[{ kind: 'content', pattern: 'needle', everyLine: false, invert: false }]"],
  ])
    it(`fail a scan of ${kind} that runs out of memory between its buffers, and the process goes on`, () => {
      // Every thread of the scan keeps 160 bytes for each search: 40 MiB.
      const { stdout, stderr } = runScript(`
        const settings = { matchAll: true, decompress: false, returnSha256: false, encoding: 'auto', maxDepth: 0, matchLimit: 0 };
        const first = { ...settings, checks: ${checks} };
        const others = { ...settings, checks: [] };
        const toPlan = (searches) => ({ searches, roots: [{ path: '/etc/hostname', searches: [0] }], threads: 2, cpuPercent: 0, seconds: 0, maxErrors: 0 });
        const usedMiB = Number(/VmData:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
        // The plan itself takes 60 MiB.
        native().limitMemory(usedMiB + 90);
        const outcomes = [];
        for (const count of [2 ** 18, 1]) {
          const { done } = native().startScan(toPlan([first, ...new Array(count - 1).fill(others)]), () => {});
          outcomes.push(await done.then(({ stopped }) => stopped, ({ code }) => code));
        }
        console.log(JSON.stringify(outcomes));`);
      assert.equal(stdout.trim(), '["out-of-memory",null]', stderr);
    });

  it('are refused when they make no sense', () => {
    assert.throws(() => native().limitMemory(0), hasCode('limit-failed'));
    assert.throws(() => native().limitMemory(Number.NaN), hasCode('limit-failed'));
  });
});

describe('memory of a process that waits', () => {
  it('is less after it was given back, and what is used again is as it was', () => {
    const script = `
      import { createHash } from 'node:crypto';
      import { readFileSync } from 'node:fs';
      import { native } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const residentMiB = () => Number(/^VmRSS:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
      const before = [residentMiB(), createHash('sha256').update('x').digest('hex')];
      native().releaseIdleMemory();
      console.log(JSON.stringify([before, [residentMiB(), createHash('sha256').update('x').digest('hex')]]));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    });
    const [[before, digest], [after, digestAfter]] = JSON.parse(stdout);
    assert.ok(after < before - 10, `from ${before} to ${after} MiB`);
    assert.equal(digestAfter, digest);
  });
});

describe('a scan', () => {
  it('refuses a plan with a bad value, naming it', () => {
    const plan = {
      searches: [
        {
          checks: [{ kind: 'name', pattern: 'a(', invert: false }],
          matchAll: true,
          decompress: false,
          returnSha256: false,
          encoding: 'auto',
          maxDepth: 0,
          matchLimit: 0,
        },
      ],
      roots: [],
      threads: 1,
      cpuPercent: 0,
      seconds: 0,
      maxErrors: 0,
    } as const;
    assert.throws(() => native().startScan(plan, () => {}), { code: 'bad-plan', message: /a\(/ });
  });

  it('that runs does not keep a process that wants to end', () => {
    const script = `import { native } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const search = { checks: [{ kind: 'digest', values: [{ algorithm: 'md5', hex: '0'.repeat(32) }], invert: false }],
        matchAll: true, decompress: false, returnSha256: true, encoding: 'auto', maxDepth: 0, matchLimit: 0 };
      const plan = { searches: [search], roots: [{ path: '/usr', searches: [0] }], threads: 3, cpuPercent: 10, seconds: 60, maxErrors: 1 };
      native().startScan(plan, () => {});
      setTimeout(() => process.exit(7), 50);`;
    const { status } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      timeout: 10_000,
    });
    assert.equal(status, 7);
  });
});
