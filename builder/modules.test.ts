import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { modulesFor } from './modules.ts';
import { targetName, targets } from './package/target.ts';

const root = resolve(import.meta.dirname, '..');

test('a module that is not for a system is left out there, the others keep their order', async () => {
  const modules = ['netstat', 'file'];
  assert.deepEqual(await modulesFor(root, modules, 'linux'), modules);
  assert.deepEqual(await modulesFor(root, modules, 'plan9'), []);
});

test('docs/sysadmin.md tells which modules the agent for a target has', async () => {
  const page = readFileSync(join(root, 'docs', 'sysadmin.md'), 'utf8');
  const all = ['file', 'process', 'netstat', 'memory'];
  for (const target of targets) {
    const row = new RegExp(`^\\| [^|]*\`${targetName(target)}\`[^|]*\\|[^|]+\\| ([a-z, ]+) \\|$`, 'm').exec(page);
    assert.equal(row?.[1], (await modulesFor(root, all, target.os)).join(', '), targetName(target));
  }
});
