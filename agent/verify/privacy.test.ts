import assert from 'node:assert/strict';
import { test } from 'node:test';
import { module } from '../../modules/file/module.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';
import { privateDisclosure, withoutNames } from './privacy.ts';

test('of an answer its counts and its receipt stay', () => {
  const result = {
    success: true,
    foundanything: true,
    elements: { s1: [{ file: '/home/alice/secret', search: {} }] },
    statistics: { totalhits: 1 },
    errors: ['/home/alice: no permission', '/home/bob: no permission'],
    receipt: emptyReceipt('match-limit'),
  };
  const { foundanything, statistics, receipt, ...rest } = withoutNames(result);
  assert.deepEqual([foundanything, statistics, receipt], [true, { totalhits: 1 }, result.receipt]);
  assert.doesNotMatch(JSON.stringify(rest), /alice|bob|s1/);
  assert.match(rest.errors.join(), /2 messages/);
});

test('the file module is asked for no more than it may tell', () => {
  for (const [asked, limited] of [
    [undefined, 'count'],
    ['names', 'count'],
    ['count', 'count'],
    ['yesno', 'yesno'],
  ] as const) {
    const parameters = module.parameters.parse({ searches: { s: { paths: ['/'] } }, answer: asked });
    const private_ = module.limitDisclosure(parameters, privateDisclosure);
    assert.equal(module.disclosureClass(private_), limited);
  }
});

test('of the sources in a receipt their places are taken out', () => {
  const result = {
    success: true,
    foundanything: false,
    elements: {},
    statistics: {},
    errors: [],
    receipt: {
      ...emptyReceipt(),
      sources: [{ kind: 'pip', path: '/home/alice/venv', entries: 2, complete: true }],
    },
  };
  assert.deepEqual(withoutNames(result).receipt.sources, [{ kind: 'pip', entries: 2, complete: true }]);
});
