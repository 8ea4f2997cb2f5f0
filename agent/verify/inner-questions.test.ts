/** Questions that an operation asks other modules are judged as operations of their own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toParameters } from '../../modules/policy/testing/ask-policy.ts';
import { loaders } from '../../modules/registry.ts';
import { Acl } from '../../protocol/environment/environment.ts';
import { parseOperations } from './checks/operations.ts';
import { assertWeights } from './checks/weights.ts';
import { RefusalError } from './refusal.ts';

function toAction(check: unknown, answer?: string) {
  const document = { version: 2, name: 'n', tests: [{ id: 'one', title: 'one', check }] };
  const parameters = toParameters(document, answer === undefined ? {} : { answer });
  return { operations: [{ module: 'policy', parameters }] };
}

const shadow = { found: { file: { paths: ['/etc/shadow'], contents: ['^root:'] } } };

async function refusalOf(
  action: ReturnType<typeof toAction>,
  acl: unknown,
  people: readonly string[],
): Promise<string> {
  try {
    const operations = await parseOperations(loaders, action, false);
    assertWeights(Acl.parse(acl), operations, new Set(people));
    return 'accepted';
  } catch (error) {
    if (error instanceof RefusalError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const weights = { alice: 1, bob: 1 };
const policy = { minimumWeight: 1, weights };

describe('an operation that asks other modules', () => {
  for (const [says, acl, people, answer, expected] of [
    [
      'needs the weight of each',
      { policy, file: { minimumWeight: 2, weights } },
      ['alice'],
      undefined,
      /^insufficient-weight: policy asks file, names: weight 1 of 2$/,
    ],
    [
      'has it with two people',
      { policy, file: { minimumWeight: 2, weights } },
      ['alice', 'bob'],
      undefined,
      /^accepted$/,
    ],
    ['needs a rule for each', { policy }, ['alice', 'bob'], undefined, /policy asks file, names: weight 0 of no rule$/],
    [
      'needs what the class of answers needs',
      { policy, file: { minimumWeight: 1, weights, answers: { names: { minimumPeople: 2 } } } },
      ['alice'],
      undefined,
      /policy asks file, names: weight 1 of 1$/,
    ],
    [
      'tells less in another class',
      { policy, file: { minimumWeight: 1, weights, answers: { names: { minimumPeople: 2 } } } },
      ['alice'],
      'names',
      /^accepted$/,
    ],
  ] as const)
    it(says, async () => assert.match(await refusalOf(toAction(shadow, answer), acl, people), expected));

  for (const [says, check, expected] of [
    ['a module that is not there', { found: { nosuch: {} } }, /^unknown-module: the module 'nosuch'/],
    [
      'parameters that the module refuses',
      { found: { file: { names: ['^x$'] } } },
      /^bad-parameters: policy: test one: file: .*paths/s,
    ],
    [
      'another that asks',
      {
        found: {
          policy: toParameters({ version: 2, name: 'n', tests: [{ id: 'a', title: 'a', check: shadow }] }).searches.s1,
        },
      },
      /^bad-parameters: policy: test one: policy: expected a module that asks no others/,
    ],
  ] as const)
    it(`may not ask ${says}`, async () =>
      assert.match(await refusalOf(toAction(check), { policy, default: policy }, ['alice']), expected));

  it('tells how much there is only where it compares numbers', async () => {
    const count = { count: { of: shadow.found, is: '> 1' } };
    const [operation] = await parseOperations(loaders, toAction({ all: [shadow, count] }, 'names'), false);
    assert.deepEqual(
      operation?.inner.map(({ disclosure }) => disclosure),
      ['count'],
    );
    const [hidden] = await parseOperations(loaders, toAction(shadow), true);
    assert.deepEqual([hidden?.disclosure, hidden?.inner.map(({ disclosure }) => disclosure)], ['count', ['yesno']]);
  });
});
