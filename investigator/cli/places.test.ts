import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPlaces } from './places.ts';

describe('the places of config and state', () => {
  const cases: readonly (readonly [NodeJS.Platform, Record<string, string>, string, string])[] = [
    ['linux', {}, '/home/a/.config/mig', '/home/a/.local/state/mig'],
    ['linux', { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s' }, '/c/mig', '/s/mig'],
    ['linux', { XDG_CONFIG_HOME: 'c', XDG_STATE_HOME: '' }, '/home/a/.config/mig', '/home/a/.local/state/mig'],
    ['darwin', {}, '/home/a/Library/Application Support/mig', '/home/a/Library/Application Support/mig'],
    ['darwin', { XDG_CONFIG_HOME: '/c' }, '/c/mig', '/home/a/Library/Application Support/mig'],
    ['win32', {}, '/home/a/AppData/Roaming/mig', '/home/a/AppData/Local/mig'],
    ['win32', { APPDATA: '/r', LOCALAPPDATA: '/l', XDG_CONFIG_HOME: '/c' }, '/r/mig', '/l/mig'],
  ];
  for (const [platform, environment, config, state] of cases)
    it(`on ${platform} with ${JSON.stringify(environment)}`, () =>
      assert.deepEqual(findPlaces(environment, platform, '/home/a'), { config, state }));
});
