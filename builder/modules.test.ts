import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { modulesFor, readModules } from './modules.ts';
import { targetName, targets } from './package/target.ts';

const root = resolve(import.meta.dirname, '..');

const declared = await readModules(root);

test('a module that is not for a system is left out there, the others keep their order', () => {
  const modules = ['netstat', 'file'];
  assert.deepEqual(modulesFor(declared, modules, 'linux'), modules);
  assert.deepEqual(modulesFor(declared, modules, 'plan9'), []);
});

test('docs/sysadmin.md tells which modules the agent for a target has', () => {
  const page = readFileSync(join(root, 'docs', 'sysadmin.md'), 'utf8');
  const all = [...declared].flatMap(([name, { isForTests }]) => (isForTests ? [] : [name]));
  for (const target of targets) {
    const row = new RegExp(`^\\| [^|]*\`${targetName(target)}\`[^|]*\\|[^|]+\\| ([a-z, ]+) \\|$`, 'm').exec(page);
    assert.equal(row?.[1], modulesFor(declared, all, target.os).join(', '), targetName(target));
  }
});
