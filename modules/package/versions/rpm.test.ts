import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareRpm } from './rpm.ts';

/** From the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['~~'],
  ['', '0:', '.', '+_'],
  ['^'],
  ['a-1', 'a+-1'],
  ['a.1-1'],
  ['1.0~rc1~git1-1'],
  ['1.0~rc1-1'],
  ['1.0~rc1^git1-1'],
  ['1.0', '0:1.0', '01.00'],
  ['1.0-'],
  ['1.0-1.el9'],
  ['1.0-1.el10'],
  ['1.0-2'],
  ['1.0^git1~pre-1'],
  ['1.0^git1-1'],
  ['1.0a-1'],
  ['1.0.rc1-1'],
  ['1.1-1', '1_1-1', '1.0001-1'],
  ['1.10-1'],
  ['2.6.32-504.el6'],
  ['2.6.32-504.8.1.el6'],
  ['20101121'],
  ['100000000000000000000'],
  ['1:0.1-1'],
];

const hasRpm =
  spawnSync('rpm', ['--eval', '%{lua: print(rpm.vercmp("1", "1-1"))}'], { encoding: 'utf8' }).stdout?.trim() === '-1';

function askRpm(pairs: readonly (readonly [string, string])[]): readonly number[] {
  const calls = pairs.map(([left, right]) => `print(rpm.vercmp("${left}", "${right}"))`);
  const { stdout } = spawnSync('rpm', ['--eval', `%{lua: ${calls.join(' ')}}`], { encoding: 'utf8' });
  return (stdout.match(/-?\d/g) ?? []).map(Number);
}

describe('the order of rpm', () => {
  const flat = ascending.flatMap((equal, rank) => equal.map((version) => ({ version, rank })));
  const pairs = flat.flatMap((left) => flat.map((right) => [left, right] as const));

  it('sorts a list of versions that covers every rule', () => {
    for (const [left, right] of pairs)
      assert.equal(
        Math.sign(compareRpm(left.version, right.version)),
        Math.sign(left.rank - right.rank),
        `${left.version} beside ${right.version}`,
      );
  });

  it('agrees with rpm about generated versions', { skip: hasRpm ? false : 'needs rpm 4.16' }, () => {
    const part = fc.stringMatching(/^[0-9][0-9a-zA-Z.+~^_]{0,8}$/);
    const version = fc
      .tuple(fc.constantFrom('', '0:', '1:'), part, fc.constantFrom('', '-0', '-1', '-1.el9', '-1~x'))
      .map((parts) => parts.join(''));
    const generated = fc.sample(fc.tuple(version, version), 1000);
    const said = askRpm(generated);
    assert.equal(said.length, generated.length);
    for (const [index, [left, right]] of generated.entries())
      assert.equal(Math.sign(compareRpm(left, right)), said[index], `${left} beside ${right}`);
  });

  it('is an order of any texts', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0019azA.~+-:^ é'.split('')), maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        assert.equal(Math.sign(compareRpm(a, b)) + Math.sign(compareRpm(b, a)), 0);
        const [x = '', y = '', z = ''] = [a, b, c].sort(compareRpm);
        assert.ok(compareRpm(x, y) <= 0 && compareRpm(y, z) <= 0 && compareRpm(x, z) <= 0);
      }),
    );
  });
});
