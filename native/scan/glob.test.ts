import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '../index.ts';

for (const [glob, path, fits] of [
  ['/etc/shadow', '/etc/shadow', true],
  ['/etc/shadow', '/etc/shadow-', false],
  ['/etc/*', '/etc/ssl/key', false],
  ['/home/**', '/home/bob/a/b', true],
  ['/home/**', '/home', false],
  ['/home/**', '/homes/bob', false],
  ['/home/**/x', '/home/x', true],
  ['/**/home/**', '/home/home', true],
  ['**/.ssh/id_*', '/root/.ssh/id_rsa', true],
  ['**/.ssh/id_*', '/.ssh/id_rsa', true],
  ['**/.ssh/id_*', '/root/x.ssh/id_rsa', false],
  ['**/chrome/**/Login Data', '/home/bob/chrome/Default/x/Login Data', true],
  ['/a/[b-d]?', '/a/cx', true],
  ['/a/[!b-d]x', '/a/cx', false],
  ['/a/[!b]', '/a//', false],
  ['/a/[[]x[*]', '/a/[x*', true],
  ['/a/[x', '/a/[x', false],
  ['/a/[z-a]', '/a/z', false],
  ['/a.b', '/axb', false],
  ['/a/*', '/a/new\nline', true],
] as const)
  test(`${glob} and ${JSON.stringify(path)}: ${fits}`, () =>
    assert.deepEqual(native().compileGlobs(['/other', glob])(path), fits ? [1] : []));
