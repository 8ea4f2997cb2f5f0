import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectRoot } from '../lab/lab.ts';
import { type Arrow, findArrows, findCircles } from './find-imports.ts';

const toArrow = (text: string): Arrow => {
  const [from = '', to = ''] = text.split(' → ');
  return { from, to, example: text };
};

test('folders of a circle are found, and those above and below it are not', () => {
  const arrows = ['d → a', 'a → b', 'b → c', 'c → a', 'c → e'].map(toArrow);
  const circle = findCircles(arrows).map(({ example }) => example);
  assert.deepEqual(circle, ['a → b', 'b → c', 'c → a']);
});

test('no folder of the product can be reached from itself, not by types either', () => {
  const arrows = findArrows(projectRoot);
  assert.ok(arrows.length > 100, `only ${arrows.length} arrows were found`);
  assert.deepEqual(
    findCircles(arrows).map(({ example }) => example),
    [],
  );
});
