import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueJudge } from './value-judge.ts';

test('the path of a protected file is not told after another one of its folder was', () => {
  const judge = new ValueJudge({
    accounts: new Set(),
    hasFolder: (folder) => folder === '/etc',
    mayTell: (path) => path !== '/etc/shadow',
  });
  const told = ['/etc/passwd', '/etc/shadow', '/etc/group', '/opt/none'].map((path) => judge.judge('path', path));
  assert.deepEqual(told, ['/etc/passwd', 'no known path', '/etc/group', 'no known path']);
});
