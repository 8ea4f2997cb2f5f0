import { describe, it } from 'node:test';
import { checkOrder } from '../testing/check-order.ts';
import { assertAgrees, scriptJudge } from '../testing/judge.ts';
import { compareGem } from './gem.ts';

/** From the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['', '0', '0.0'],
  ['1.0.a', '1.a'],
  ['1.0.a.2', '1.a.2'],
  ['1.0.b1'],
  ['1.0.0-rc1', '1.0.pre.rc1'],
  ['1.0.rc1'],
  ['1', '1.0', '1.0.0'],
  ['1.2.b1'],
  ['1.2'],
  ['1.9.3'],
  ['1.10'],
  ['99999999999999999999'],
];

const judge = scriptJudge(
  ['ruby', '-rjson', '-e'],
  'Gem::Version',
  `puts JSON.generate(JSON.parse(STDIN.read).map { |pair|
     pair.all? { |one| Gem::Version.correct?(one) } ? Gem::Version.new(pair[0]) <=> Gem::Version.new(pair[1]) : nil })`,
);

const parts = ['0', '1', '10', '.', '.0', '-', 'a', 'b', 'rc', 'pre', '.x', '-1', 'A'];

describe('the order of RubyGems', () => {
  it('sorts a list that covers every rule', () => checkOrder((a, b) => compareGem(a, b) ?? Number.NaN, ascending));

  it('is that of Gem::Version', { skip: judge === undefined && 'needs ruby' }, () => {
    if (judge !== undefined) assertAgrees(compareGem, judge, parts);
  });
});
