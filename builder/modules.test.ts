import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { modulesFor } from './modules.ts';

const root = resolve(import.meta.dirname, '..');

test('a module that is not for a system is left out there, the others keep their order', async () => {
  const modules = ['netstat', 'file'];
  assert.deepEqual(await modulesFor(root, modules, 'linux'), modules);
  assert.deepEqual(await modulesFor(root, modules, 'plan9'), []);
});
