/** docs/words.md: each word is defined where the table says, and stands there once. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from './lab/lab.ts';

const page = readFileSync(join(projectRoot, 'docs', 'words.md'), 'utf8');
const rows = [...page.matchAll(/^\| ([a-zA-Z][^|]*) \| .+ \| `([^`]+)`: `(\w+)` \|$/gm)].map(
  ([, word = '', file = '', name = '']) => ({ word, file, name }),
);

test('every row of the table of words names a file and what is defined in it', () => {
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| word |'));
  assert.ok(rows.length > 40);
  assert.equal(rows.length, lines.length);
  for (const { word, file, name } of rows)
    assert.match(readFileSync(join(projectRoot, file), 'utf8'), new RegExp(`\\b${name}\\b`), word);
});

test('no word is defined twice', () => {
  const words = rows.map(({ word }) => word);
  assert.deepEqual(words, [...new Set(words)]);
});
