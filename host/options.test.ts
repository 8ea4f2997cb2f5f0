import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '../protocol/base/coded-error.ts';
import { parseOptions } from './options.ts';

const options = { json: { type: 'boolean' }, only: { type: 'string' } } as const;
const former = { '-S': 'program config shows it' };

function refusalOf(args: string[]): CodedError {
  try {
    parseOptions({ args, options }, former);
  } catch (error) {
    assert.ok(error instanceof CodedError);
    return error;
  }
  assert.fail('expected a refusal');
}

describe('options', () => {
  it('are read, with and without the -- of npm in front', () => {
    for (const args of [
      ['--json', '--only', 'x'],
      ['--', '--json', '--only', 'x'],
    ])
      assert.deepEqual({ ...parseOptions({ args, options }).values }, { json: true, only: 'x' });
  });

  const refused: readonly (readonly [args: string[], message: string, hint?: string])[] = [
    [['--bogus'], 'expected a known option, got --bogus', 'the options are --json --only'],
    [['--bogus=1'], 'expected a known option, got --bogus', 'the options are --json --only'],
    [['--jsno'], 'expected a known option, got --jsno', 'did you mean --json?'],
    [['-x'], 'expected a known option, got -x', 'the options are --json --only'],
    [['-S'], 'expected a known option, got -S', 'program config shows it'],
    [['--__proto__'], 'expected a known option, got --__proto__', 'the options are --json --only'],
    [['word'], 'expected only options, got "word"', 'the options are --json --only'],
    [['--only'], 'expected a value after --only', 'the options are --json --only'],
    [['--only', '--json'], 'expected a value after --only', 'the options are --json --only'],
    [['--json=1'], 'expected no value after --json', 'the options are --json --only'],
  ];
  for (const [args, message, hint] of refused)
    it(`refuse ${args.join(' ')}`, () => {
      const error = refusalOf(args);
      assert.deepEqual([error.code, error.message, error.hint], ['usage', message, hint]);
    });
});
