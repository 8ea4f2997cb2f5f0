import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAddress, parseRange, RangeTable } from './address.ts';
import { isPublic } from './public-address.ts';

function isIn(range: string, address: string): boolean {
  const table = new RangeTable<true>();
  const parsedRange = parseRange(range);
  const parsedAddress = parseAddress(address);
  assert.ok(parsedRange !== undefined && parsedAddress !== undefined);
  table.add(parsedRange, true);
  return table.find(parsedAddress).length > 0;
}

describe('parseRange', () => {
  for (const text of [
    '',
    '10',
    '10.0.0.0/33',
    '10.0.0.256',
    '10.0.0.0/',
    '/8',
    '::/129',
    'fe80::1%eth0',
    '::ffff:10.0.0.0/95',
    '10.0.0.0/8/8',
    'public',
  ])
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseRange(text), undefined));

  const cases: readonly [range: string, address: string, expected: boolean][] = [
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    // Bits after the prefix do not count, as in Go.
    ['10.1.2.3/8', '10.200.0.1', true],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '10.0.0.1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:0a01:0203', '10.1.2.3', true],
  ];
  for (const [range, address, expected] of cases)
    it(`${range} ${expected ? 'has' : 'does not have'} ${address}`, () => assert.equal(isIn(range, address), expected));

  it('agrees with the lists of Node about any range and address', () => {
    // Close to each other; otherwise hardly any address would be in the range.
    const near = fc.record({
      base: fc.ipV4(),
      prefixLength: fc.integer({ min: 1, max: 32 }),
      other: fc.ipV4(),
      keep: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(near, ({ base, prefixLength, other, keep }) => {
        const address = [...base.split('.').slice(0, keep), ...other.split('.').slice(keep)].join('.');
        const list = new BlockList();
        list.addSubnet(base, prefixLength, 'ipv4');
        assert.equal(isIn(`${base}/${prefixLength}`, address), list.check(address, 'ipv4'));
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 128 }), fc.ipV6(), (base, prefixLength, address) => {
        const list = new BlockList();
        list.addSubnet(base, prefixLength, 'ipv6');
        const isMapped = parseAddress(base)?.family !== 6 || parseAddress(address)?.family !== 6;
        fc.pre(!isMapped);
        for (const candidate of [base, address])
          assert.equal(isIn(`${base}/${prefixLength}`, candidate), list.check(candidate, 'ipv6'));
      }),
    );
  });

  it('takes any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789abcdef:./%'.split('')) }),
        (text) => void parseRange(text),
      ),
    );
  });
});

describe('isPublic', () => {
  const cases: readonly [address: string, expected: boolean][] = [
    ['1.1.1.1', true],
    ['172.15.255.255', true],
    ['172.16.0.0', false],
    ['172.31.255.255', false],
    ['172.32.0.0', true],
    ['10.0.0.1', false],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['224.0.0.251', false],
    ['255.255.255.255', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:1.1.1.1', true],
    ['::', false],
    ['::1', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['ff02::1', false],
    ['2606:4700:4700::1111', true],
    ['2001:0:1::1', true],
    ['64:ff9b::101:101', true],
  ];
  for (const [text, expected] of cases)
    it(`says ${expected ? 'yes' : 'no'} to ${text}`, () => {
      const address = parseAddress(text);
      assert.ok(address !== undefined);
      assert.equal(isPublic(address), expected);
    });
});
