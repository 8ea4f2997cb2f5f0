import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fingerprint } from '../base/identifiers.ts';
import { checkAcl, toSigners } from './acl.ts';
import type { Acl, BakedInvestigator } from './environment.ts';

const key = (digit: string) => Fingerprint.parse(digit.repeat(40));
const investigators: BakedInvestigator[] = [
  {
    name: 'alice',
    keys: [
      { fingerprint: key('A'), armored: '' },
      { fingerprint: key('B'), armored: '' },
    ],
  },
  { name: 'bob', keys: [{ fingerprint: key('C'), armored: '' }] },
];
const acl: Acl = {
  default: { minimumWeight: 2, weights: { alice: 2, bob: 1 } },
  memory: { minimumWeight: 3, weights: { alice: 2, bob: 1 } },
  process: { minimumWeight: 1, weights: { alice: 1 } },
};

describe('checkAcl', () => {
  const cases = [
    { says: 'one person of full weight', module: 'file', keys: ['A'], kind: 'allowed' },
    { says: 'one person of too little weight', module: 'file', keys: ['C'], kind: 'denied' },
    { says: 'two keys of one person count once', module: 'memory', keys: ['A', 'B'], kind: 'denied' },
    { says: 'two people together', module: 'memory', keys: ['A', 'C'], kind: 'allowed' },
    { says: "a module's own rule replaces the default", module: 'process', keys: ['C'], kind: 'denied' },
    { says: 'nobody', module: 'process', keys: [], kind: 'denied' },
    { says: 'a name that objects have anyway', module: 'constructor', keys: ['C'], kind: 'denied' },
  ];
  for (const { says, module, keys, kind } of cases)
    test(says, () => {
      assert.equal(checkAcl(acl, module, toSigners(investigators, keys.map(key))).kind, kind);
    });

  test('a module without a rule and without a default is denied', () => {
    const { default: _, ...withoutDefault } = acl;
    assert.deepEqual(checkAcl(withoutDefault, 'file', new Set(['alice'])), {
      kind: 'denied',
      weight: 0,
      minimumWeight: null,
    });
  });
});
