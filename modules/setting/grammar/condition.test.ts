import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Condition, parseCondition, printCondition } from './condition.ts';

const operators = ['=', '!=', '<', '<=', '>', '>=', '~', '!~'] as const;
const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a,"\\ =~!in\t') }));
const plain = { noNullPrototype: true } as const;
const condition: fc.Arbitrary<Condition> = fc.record(
  {
    key: text.filter((key) => key !== ''),
    test: fc.oneof(
      fc.constantFrom(...(['value', 'set', 'unset', 'now!=boot'] as const)).map((kind) => ({ kind })),
      fc.record(
        {
          kind: fc.constant('compare' as const),
          operator: fc.constantFrom(...operators),
          values: text.map((value) => [value]),
        },
        plain,
      ),
      fc.record(
        {
          kind: fc.constant('compare' as const),
          operator: fc.constantFrom('in' as const, '!in' as const),
          values: fc.array(text, { minLength: 1, maxLength: 5 }),
        },
        plain,
      ),
    ),
  },
  plain,
);

describe('a condition', () => {
  it('is parsed as it was printed', () => {
    fc.assert(
      fc.property(condition, (one) => {
        assert.deepEqual(parseCondition(printCondition(one)), { kind: 'condition', condition: one });
      }),
    );
  });

  it('of any text is parsed or refused, and its print means the same', () => {
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseCondition(`k ${given}`);
        if (parsed.kind === 'condition') assert.deepEqual(parseCondition(printCondition(parsed.condition)), parsed);
      }),
    );
  });

  for (const [given, test] of [
    ['os:id', { kind: 'value' }],
    ['os:id unset', { kind: 'unset' }],
    ['os:id   now!=boot ', { kind: 'now!=boot' }],
    ['os:id != a b', { kind: 'compare', operator: '!=', values: ['a b'] }],
    ['os:id =""', { kind: 'compare', operator: '=', values: [''] }],
    ['os:id ~ ^(a|b)$', { kind: 'compare', operator: '~', values: ['^(a|b)$'] }],
    ['os:id in a, "b, c" ,d', { kind: 'compare', operator: 'in', values: ['a', 'b, c', 'd'] }],
  ] as const)
    it(`is written ${given}`, () => {
      assert.deepEqual(parseCondition(given), { kind: 'condition', condition: { key: 'os:id', test } });
    });

  for (const given of [
    '',
    'os:id is 3',
    'os:id =',
    'os:id == 3',
    'os:id =~ a',
    'os:id in',
    'os:id in a,',
    'os:id setx',
    '"a"b',
  ])
    it(`is not written ${JSON.stringify(given)}`, () => assert.equal(parseCondition(given).kind, 'problem'));
});
