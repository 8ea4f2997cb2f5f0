import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toParameterName } from './columns.ts';

for (const [column, parameter] of [
  ['name', 'names'],
  ['address', 'addresses'],
  ['family', 'families'],
  ['key', 'keys'],
  ['match', 'matches'],
] as const)
  it(`the filter of the column ${column} is ${parameter}`, () => assert.equal(toParameterName(column), parameter));
