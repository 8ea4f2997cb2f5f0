import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runBuilder(...parameters: string[]): Ending {
  return spawnSync(process.execPath, [resolve(import.meta.dirname, 'main.ts'), ...parameters], { encoding: 'utf8' });
}

test('--help shows an example on standard output', () => {
  const { status, stdout } = runBuilder('--help');
  assert.equal(status, 0);
  assert.match(stdout, /npm run build:agent -- --env production/);
});

test('what is not understood ends with code 2 and a hint, and without a stack trace', () => {
  for (const parameters of [
    [],
    ['agnet'],
    ['agent'],
    ['agent', '--env'],
    ['agent', '--color'],
    ['agent', 'x', '--env', 'y'],
    ['agent', '--env', 'development', '--tag', 'role'],
    ['agent', '--env', 'development', '--tag', `role=${'x'.repeat(257)}`],
    ['agent', '--env', 'development', '--target', 'plan9-x64'],
    ['agent', '--env', 'development', '--sign', 'alice@example.org'],
    ['agent', '--env', 'development', '--revision', '0'],
  ]) {
    const { status, stdout, stderr } = runBuilder(...parameters);
    assert.equal(status, 2, parameters.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^error: .+\nhint: .+\n$/);
  }
});

test('mistakes in the config come one per line, with code 2, before anything is built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mig-main-'));
  try {
    const file = join(folder, 'build.config.mjs');
    writeFileSync(file, "export default { environments: { production: { modules: [], colour: 'blue' } } };");
    const output = join(folder, 'out');
    const { status, stderr } = runBuilder('agent', '--env', 'production', '--config', file, '--out', output);
    assert.equal(status, 2);
    const [head, ...lines] = stderr.trimEnd().split('\n');
    assert.match(head ?? '', /^error: 5 problems in build\.config\.mjs$/);
    assert.equal(lines.length, 5);
    for (const line of lines) assert.match(line, /^environments\.production\.\w+: expected .+ \(hint: .+\)$/);
    assert.throws(() => rmSync(output), { code: 'ENOENT' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
