import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOrder } from '../testing/check-order.ts';
import { compareGo } from './go.ts';

/** Pseudo-versions are before the release that they are made for. @see https://go.dev/ref/mod#pseudo-versions */
const modules: readonly (readonly string[])[] = [
  ['v0.0.0-20190101000000-aaaaaaaaaaaa', '0.0.0-20190101000000-aaaaaaaaaaaa'],
  ['v0.0.0-20200101000000-000000000000'],
  ['v1.2.3-pre'],
  ['v1.2.3-pre.0.20200101000000-000000000000'],
  ['v1.2.3', '1.2.3'],
  ['v1.2.4-0.20200101000000-000000000000'],
  ['v1.10.0'],
  ['v2.0.0+incompatible', 'v2.0.0'],
];

/** @see https://go.dev/doc/toolchain#version */
const toolchains: readonly (readonly string[])[] = [
  ['go1.4beta1'],
  ['go1.4rc1'],
  ['go1.4', 'go1.4.0', '1.4'],
  ['go1.4.1'],
  ['go1.19rc2'],
  ['go1.19', 'go1.19 X:boringcrypto'],
  ['go1.20.14', 'go1.20.14 (Red Hat 1.20.14-1)'],
  ['go1.21'],
  ['go1.21rc1'],
  ['go1.21rc2'],
  ['go1.21.0', 'go1.21.0-bigcorp'],
  ['go1.21.10'],
  ['go1.22'],
];

describe('the order of Go', () => {
  it('sorts modules', () => checkOrder((a, b) => compareGo(a, b) ?? Number.NaN, modules));

  it('sorts releases of Go', () => {
    const flat = toolchains.flatMap((equal, rank) => equal.map((version) => ({ version, rank })));
    for (const left of flat)
      for (const right of flat) {
        // Two without `go` are modules.
        if (!left.version.startsWith('go') && !right.version.startsWith('go')) continue;
        const order = compareGo(left.version, right.version) ?? Number.NaN;
        assert.equal(Math.sign(order), Math.sign(left.rank - right.rank), `${left.version} beside ${right.version}`);
      }
  });

  it('has no place for what is no release', () => {
    for (const version of ['(devel)', 'devel go1.22-0123', 'gopher'])
      assert.equal(compareGo(version, 'go1.21'), undefined, version);
  });
});
