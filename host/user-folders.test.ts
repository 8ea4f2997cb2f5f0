import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findHome, findUserFolders } from './user-folders.ts';

describe('the folders of a user for settings and state', () => {
  const cases: readonly (readonly [NodeJS.Platform, Record<string, string>, string, string])[] = [
    ['linux', {}, '/home/a/.config', '/home/a/.local/state'],
    ['linux', { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' }, '/c', '/s'],
    ['linux', { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '' }, '/home/a/.config', '/home/a/.local/state'],
    ['darwin', {}, '/home/a/Library/Application Support', '/home/a/Library/Application Support'],
    ['darwin', { XDG_CONFIG_HOME: '/c' }, '/c', '/home/a/Library/Application Support'],
    ['win32', {}, '/home/a/AppData/Roaming', '/home/a/AppData/Local'],
    ['win32', { APPDATA: '/r', LOCALAPPDATA: '/l', XDG_CONFIG_HOME: '/c' }, '/r', '/l'],
  ];
  for (const [platform, environment, config, state] of cases)
    it(`on ${platform} with ${JSON.stringify(environment)}`, () =>
      assert.deepEqual(findUserFolders(environment, platform, '/home/a'), { config, state }));
});

it('a home that is no absolute path counts as none', () => {
  const before = process.env.HOME;
  try {
    for (const home of ['', 'relative']) {
      process.env.HOME = home;
      assert.equal(findHome(), '/nonexistent');
    }
  } finally {
    process.env.HOME = before;
  }
});
