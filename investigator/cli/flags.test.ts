import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Flag } from '../../modules/kit/flag.ts';
import { readQuestionOptions } from './common-flags.ts';
import { parseFlags } from './flags.ts';

const flags: readonly Flag[] = [
  { name: 'path', kind: 'string', repeatable: true, help: '' },
  { name: 'mode', kind: 'string', help: '' },
  { name: 'depth', kind: 'number', help: '' },
  { name: 'y', kind: 'boolean', help: '' },
];

describe('parseFlags', () => {
  const readings: readonly (readonly [readonly string[], object, readonly string[]])[] = [
    [[], {}, []],
    [['-path', '/usr', '--path', '/etc'], { path: ['/usr', '/etc'] }, []],
    [['-path=/a=b', '--mode=x'], { path: ['/a=b'], mode: 'x' }, []],
    [['-mode', '-rwx.*'], { mode: '-rwx.*' }, []],
    [['-mode', '--'], { mode: '--' }, []],
    [['-mode', '-y', '-y'], { mode: '-y', y: true }, []],
    [['-mode', ''], { mode: '' }, []],
    [['-mode='], { mode: '' }, []],
    [['-mode=a\nb'], { mode: 'a\nb' }, []],
    [['-depth', '-3'], { depth: -3 }, []],
    [['-depth=1e3'], { depth: 1000 }, []],
    [['-y=false'], { y: false }, []],
    [['-y=true', 'rest'], { y: true }, ['rest']],
    [['id', '-y'], { y: true }, ['id']],
    [['--', '-y', '--'], {}, ['-y', '--']],
    [['-'], {}, ['-']],
  ];
  for (const [argv, values, positionals] of readings)
    it(`reads ${JSON.stringify(argv)}`, () => {
      const parsed = parseFlags(argv, flags);
      assert.deepEqual({ ...parsed.values }, values);
      assert.deepEqual(parsed.positionals, positionals);
    });

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [['-pth', '/usr'], /did you mean -path/],
    [['-wholly'], /add -h/],
    [['-y', '-mode'], /^$/],
    [['-mode', 'a', '-mode', 'b'], /^$/],
    [['-depth', 'deep'], /^$/],
    [['-depth', ''], /^$/],
    [['-y=maybe'], /^$/],
  ];
  for (const [argv, hint] of mistakes)
    it(`refuses ${JSON.stringify(argv)}`, () => {
      assert.throws(
        () => parseFlags(argv, flags),
        (error: { code: string; hint?: string }) => error.code === 'usage' && hint.test(error.hint ?? ''),
      );
    });

  it('hands every value over unchanged, however it was spelt', () => {
    const flag = fc.oneof(
      fc.record({ name: fc.constant('path'), value: fc.string({ unit: 'binary' }) }),
      fc.record({ name: fc.constant('y'), value: fc.constant(undefined) }),
    );
    const spelling = fc.constantFrom('-', '--');
    fc.assert(
      fc.property(fc.array(fc.tuple(flag, spelling, fc.boolean())), (given) => {
        const argv = given.flatMap(([{ name, value }, dashes, inline]) =>
          value === undefined ? [dashes + name] : inline ? [`${dashes}${name}=${value}`] : [dashes + name, value],
        );
        const paths = given.flatMap(([{ value }]) => (value === undefined ? [] : [value]));
        const { values, positionals } = parseFlags(argv, flags);
        assert.deepEqual(values.path ?? [], paths);
        assert.equal(values.y ?? false, given.length > paths.length);
        assert.deepEqual(positionals, []);
      }),
    );
  });
});

describe('question options', () => {
  it('have the original defaults', () => {
    assert.deepEqual(readQuestionOptions({}), {
      target: undefined,
      rehearsal: undefined,
      show: 'found',
      expiryMs: 300_000,
      yes: false,
      noFollow: false,
      format: 'text',
      view: { columns: [], sort: [], stack: [] },
      title: undefined,
      seconds: undefined,
    });
  });

  for (const values of [{ f: 'xml' }, { seconds: 0 }, { seconds: 1.5 }, { e: 'soon' }])
    it(`refuse ${JSON.stringify(values)}`, () => assert.throws(() => readQuestionOptions(values), { code: 'usage' }));
});
