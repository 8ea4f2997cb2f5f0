/** Form and line of a question are the same question, for every flag of every module. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadModules } from '../../../modules/registry.ts';
import { splitWords } from '../../cli/split-words.ts';
import { compose, quoteWord, toForm, toLine, toQuestion } from './compose.ts';

const modules = await loadModules();
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

describe('a question', () => {
  it('has words that come back from the line, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (words) => {
        assert.deepEqual(splitWords(words.map(quoteWord).join(' ')), words);
      }),
    );
  });

  for (const [name, module] of modules)
    it(`of ${name} is the same in the form and in the line`, () => {
      const values = Object.fromEntries(
        module.flags.map((flag) => {
          const one =
            flag.kind === 'boolean'
              ? fc.constant('true')
              : flag.kind === 'number'
                ? fc.integer({ min: 0, max: 1_000_000 }).map(String)
                : text;
          const many: fc.Arbitrary<readonly string[]> = fc.array(one, {
            minLength: 1,
            maxLength: flag.repeatable === true ? 3 : 1,
          });
          return [flag.name, many];
        }),
      );
      const form = fc.record(
        {
          module: fc.constant(name),
          values: fc
            .record(values, { requiredKeys: [], noNullPrototype: true })
            .map(
              (given): Record<string, readonly string[]> =>
                Object.fromEntries(
                  Object.entries(given).flatMap(([flag, texts]) => (texts === undefined ? [] : [[flag, texts]])),
                ),
            ),
          target: fc.constantFrom('', 'all', "name LIKE '%web%'"),
          expiry: fc.constantFrom('', '2h'),
        },
        { noNullPrototype: true },
      );
      fc.assert(
        fc.property(form, (given) => {
          assert.deepEqual({ ...toForm(toLine(given, modules), modules) }, given);
        }),
        { numRuns: 50 },
      );
    });

  it('is what mig would ask', () => {
    const line = "mig file -t all -path /usr/bin -name '^wget$' -e 2h";
    const { template, target, options } = toQuestion(line, modules);
    assert.deepEqual([target, options.expiryMs], ['all', 7_200_000]);
    assert.equal(template.name, 'mig file -t all -path /usr/bin -name ^wget$ -e 2h');
    assert.equal(compose(line, modules).problem, null);
  });

  const wrong: readonly (readonly [line: string, message: RegExp])[] = [
    ['mig fil -path /usr', /expected a module, got "fil"/],
    ['mig file -path /usr -naem a', /expected a known flag, got -naem/],
    ["mig file -path '/usr", /expected the quote/],
    ['mig file', /./],
  ];
  for (const [line, message] of wrong)
    it(`names what is wrong: ${line}`, () => assert.match(compose(line, modules).problem?.message ?? '', message));
});
