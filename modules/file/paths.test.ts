import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { posixPaths, windowsPaths } from './paths.ts';

const both = { 'a path of Windows': windowsPaths, 'a path of the others': posixPaths };

describe('a path is known for one of this system, or of another', () => {
  for (const [path, kind] of [
    ['C:\\Users', 'a path of Windows'],
    ['c:/Users', 'a path of Windows'],
    ['\\\\host\\share\\x', 'a path of Windows'],
    ['/etc', 'a path of the others'],
    ['C:relative', null],
    ['etc', null],
  ] as const)
    test(path, () => {
      for (const [name, style] of Object.entries(both)) assert.equal(style.isOwn(path), name === kind, name);
    });
});

describe('one path has one spelling', () => {
  for (const [style, path, tidied] of [
    [windowsPaths, 'C:/Users//alice/.\\x\\', 'C:\\Users\\alice\\x'],
    [windowsPaths, 'C:\\', 'C:\\'],
    [windowsPaths, 'C:\\Users\\..\\Windows', 'C:\\Windows'],
    [windowsPaths, '\\\\host\\share\\', '\\\\host\\share\\'],
    [posixPaths, '//etc/./ssh/', '/etc/ssh'],
    [posixPaths, '/', '/'],
    [posixPaths, '/a/../b', '/a/../b'],
  ] as const)
    test(path, () => assert.equal(style.tidy(path), tidied));
});

test('a pattern for Windows may be written with backslashes', () => {
  assert.equal(windowsPaths.toGlob('C:\\Users\\*\\Downloads'), 'C:/Users/*/Downloads');
});
