import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { modulesFor, readModules, trialQuestions } from './modules.ts';
import { targetName, targets } from './package/target.ts';

const root = resolve(import.meta.dirname, '..');

const declared = await readModules(root);

test('a module that is not for a system is left out there, the others keep their order', () => {
  const modules = ['netstat', 'file'];
  assert.deepEqual(modulesFor(declared, modules, 'linux'), modules);
  assert.deepEqual(modulesFor(declared, modules, 'plan9'), []);
});

test('a trial is asked on the command line as in an action', () => {
  const [question] = trialQuestions(declared, ['netstat', 'file'], 'linux');
  assert.ok(question !== undefined);
  const { module, words, finds } = question;
  assert.equal(module, 'file');
  assert.deepEqual(words, ['-path', '/etc', '-name', '^passwd$', '-maxdepth', '1']);
  assert.equal(finds, '/etc/passwd');
});

test('docs/sysadmin.md has a row for each target', () => {
  const page = readFileSync(join(root, 'docs', 'sysadmin.md'), 'utf8');
  for (const target of targets)
    assert.match(page, new RegExp(`^\\|[^|]*\`${targetName(target)}\`[^|]*\\|[^|]+\\|$`, 'm'));
});
