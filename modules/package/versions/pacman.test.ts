import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAnyTexts, checkOrder } from '../testing/check-order.ts';
import { comparePacman } from './pacman.ts';

describe('the order of pacman', () => {
  // The examples of vercmp(8), and its rule for epochs.
  it('sorts the examples of its manual', () =>
    checkOrder(comparePacman, [
      ['1.0a'],
      ['1.0b'],
      ['1.0beta'],
      ['1.0p'],
      ['1.0pre'],
      ['1.0rc'],
      ['1.0', '0:1.0', '01.00'],
      ['1.0.a'],
      ['1.0.1'],
      ['1.1'],
      ['1.2'],
      ['2.0'],
      ['3.0.0'],
      ['20'],
      ['1:1.0'],
      ['1:3.6-1'],
    ]));

  it('compares releases where both have one', () => {
    assert.ok(comparePacman('1.0-1', '1.0-2') < 0);
    assert.ok(comparePacman('1.0-2', '1.0-10') < 0);
    assert.equal(comparePacman('1.0', '1.0-10'), 0);
  });

  it('takes any texts', () => checkAnyTexts(comparePacman, '0129ab._-:+é'));
});
