import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executableName, findTargets, targetName, targets } from './target.ts';

const all = ['linux-x64', 'linux-arm64', 'win-x64', 'macos-x64', 'macos-arm64'];

test('there are five targets, and all of them are meant by "all"', () => {
  assert.deepEqual(targets.map(targetName), all);
  assert.deepEqual(findTargets(['all']), targets);
});

test('targets are found by name, each once', () => {
  assert.deepEqual(findTargets(['macos-x64', 'win-x64', 'macos-x64']).map(targetName), ['win-x64', 'macos-x64']);
  assert.throws(() => findTargets(['all', 'darwin-x64']), { code: 'target-unsupported' });
});

test('the file for Windows has the ending that it needs there', () => {
  const names = targets.map((target) => executableName('mig-agent', target));
  assert.deepEqual(
    names,
    all.map((name) => `mig-agent-${name}${name === 'win-x64' ? '.exe' : ''}`),
  );
});
