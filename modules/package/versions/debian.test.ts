import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareDebian } from './debian.ts';

/** From the oldest to the newest; those in one list are equal. */
const ascending: readonly (readonly string[])[] = [
  ['0~', '0:0~-0'],
  ['', '0', '0:0', '00-0', '0-'],
  ['0+'],
  ['1.0~~'],
  ['1.0~~a'],
  ['1.0~bpo12+1'],
  ['1.0~rc1'],
  ['1.0', '1.0-0', '0:1.00', '01.0-00'],
  ['1.0-0ubuntu1'],
  ['1.0-1~deb12u1'],
  ['1.0-1', '1.0-01'],
  ['1.0-1+b1'],
  ['1.0-1.1'],
  ['1.0-2'],
  ['1.0-10'],
  ['1.0-99999999999999999999'],
  ['1.0-100000000000000000000'],
  ['1.0a-1'],
  ['1.0+dfsg-1'],
  ['1.0-dev-1'],
  ['1.0.1-1'],
  ['1.9-1'],
  ['1.10-1'],
  ['2.36-9+deb12u8'],
  ['2.36-9+deb12u9'],
  ['1:0.1-1'],
  ['2:0.1~alpha-1'],
];

describe('the order of dpkg', () => {
  const flat = ascending.flatMap((equal, rank) => equal.map((version) => ({ version, rank })));

  it('sorts a list of versions that covers every rule', () => {
    for (const left of flat)
      for (const right of flat)
        assert.equal(
          Math.sign(compareDebian(left.version, right.version)),
          Math.sign(left.rank - right.rank),
          `${left.version} beside ${right.version}`,
        );
  });

  const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;

  function askDpkg(left: string, right: string): number {
    const isTrue = (operator: string): boolean =>
      spawnSync('dpkg', ['--compare-versions', left, operator, right]).status === 0;
    return isTrue('lt') ? -1 : isTrue('eq') ? 0 : 1;
  }

  it('agrees with dpkg about generated versions', { skip: hasDpkg ? false : 'needs dpkg' }, () => {
    const part = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,8}$/);
    const version = fc
      .tuple(fc.constantFrom('', '0:', '1:'), part, fc.constantFrom('', '-0', '-1', '-1~bpo1', '-0ubuntu1'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(version, version, (left, right) => {
        assert.equal(Math.sign(compareDebian(left, right)), askDpkg(left, right), `${left} beside ${right}`);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with dpkg about the versions of this machine beside their backports', {
    skip: hasDpkg ? false : 'needs dpkg',
  }, () => {
    const versions = readFileSync('/var/lib/dpkg/status', 'latin1').match(/(?<=^Version: ).+/gm) ?? [];
    for (const version of versions) assert.ok(compareDebian(`${version}~bpo12+1`, version) < 0, version);
    for (let index = 0; index + 1 < versions.length; index += Math.ceil(versions.length / 30)) {
      const [left = '', right = ''] = versions.slice(index, index + 2);
      assert.equal(Math.sign(compareDebian(left, right)), askDpkg(left, right), `${left} beside ${right}`);
    }
  });

  it('is an order of any texts', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0019az.~+-:^ é'.split('')), maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        assert.equal(Math.sign(compareDebian(a, b)) + Math.sign(compareDebian(b, a)), 0);
        const [x = '', y = '', z = ''] = [a, b, c].sort(compareDebian);
        assert.ok(compareDebian(x, y) <= 0 && compareDebian(y, z) <= 0 && compareDebian(x, z) <= 0);
      }),
    );
  });
});
