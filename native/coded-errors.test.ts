import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '../protocol/base/coded-error.ts';
import { isAddon } from './addon.ts';
import { withCodedErrors } from './coded-errors.ts';
import { native } from './index.ts';
import { addonCodes } from './native-code.ts';

it('every code that the sources of the addon set is known, and no other', () => {
  const sources = globSync('**/*.{cc,h}', { cwd: import.meta.dirname, exclude: ['build/**'] });
  const set = sources.flatMap((source) =>
    [
      ...readFileSync(join(import.meta.dirname, source), 'utf8').matchAll(
        /(?:throwCoded\([^";]*|Set\("code", [^";]*)"([a-z-]+)"/g,
      ),
    ].map(([, code]) => code),
  );
  assert.deepEqual([...new Set(set)].sort(), [...addonCodes].sort());
});

/** The result of a call of `call` under that name in the object; further names go into that result. */
function follow(value: unknown, ...names: readonly string[]): unknown {
  const [name, ...rest] = names;
  if (name === undefined) return value;
  const called: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return follow(typeof called === 'function' ? called() : called, ...rest);
}

describe('errors of the addon', () => {
  const fail = (): never => {
    throw Object.assign(new Error('expected a plan'), { code: 'bad-plan' });
  };
  const addon = withCodedErrors({
    fail,
    openReader: () => ({ read: fail, start: () => ({ done: Promise.resolve().then(fail), cancel: () => {} }) }),
    list: () => [1, 2],
    other: () => {
      throw Object.assign(new Error('expected a file'), { code: 'ENOENT' });
    },
  });
  const isCoded = (error: unknown): boolean =>
    error instanceof CodedError && error.code === 'bad-plan' && error.message === 'expected a plan';

  it('are coded wherever they come from: a function, a reader, a task', async () => {
    assert.throws(() => follow(addon, 'fail'), isCoded);
    assert.throws(() => follow(addon, 'openReader', 'read'), isCoded);
    await assert.rejects(async () => follow(addon, 'openReader', 'start', 'done'), isCoded);
  });

  it('are left alone when the addon does not know their code, and so is data', () => {
    assert.throws(() => follow(addon, 'other'), { code: 'ENOENT' });
    assert.deepEqual(follow(addon, 'list'), [1, 2]);
  });
});

it('an addon is one only with every function that its system must have', () => {
  const functions = new Map(Object.entries(native()));
  assert.ok(isAddon(Object.fromEntries(functions)));
  functions.delete('lockFile');
  assert.ok(isAddon(Object.fromEntries(functions)));
  functions.delete('openMemoryReader');
  assert.ok(!isAddon(Object.fromEntries(functions)));
});
