import assert from 'node:assert/strict';
import { test } from 'node:test';
import { module as file } from '../file/module.ts';
import type { Work } from '../kit/work.ts';
import type { ModuleLoader, ModuleTable } from '../registry.ts';
import { rehearseUnlessAsked } from './rehearsal.ts';

const never = new Promise<never>(() => {});

/** A module whose run is the given one. */
function toLoader(module: Awaited<ReturnType<ModuleLoader['loadModule']>>, run: (work: Work<object>) => void) {
  return { loadModule: async () => module, loadRun: async () => async (_: never, work: never) => run(work) };
}

const { rehearsal: _, ...withoutRehearsal } = file;

test('a process that waits asks each module its rehearsal, with rules of protection', async () => {
  const gates: boolean[] = [];
  const modules: ModuleTable = {
    file: toLoader(file, ({ gate }) => gates.push(gate.hasRules)),
    other: toLoader(file, ({ gate }) => gates.push(gate.hasRules)),
    unasked: toLoader(withoutRehearsal, () => assert.fail('it has no rehearsal')),
  };
  assert.ok((await rehearseUnlessAsked(modules, never, 0)) > 0);
  assert.deepEqual(gates, [true, true]);
});

test('a request that is there does not wait for a rehearsal', async () => {
  const modules = { file: toLoader(file, () => assert.fail('it was asked')) };
  assert.equal(await rehearseUnlessAsked(modules, Promise.resolve('request')), 0);
});

test('a defect in a rehearsal ends nothing, and the next module is asked', async () => {
  let isNextAsked = false;
  const modules: ModuleTable = {
    broken: toLoader(file, () => {
      throw new Error('a defect');
    }),
    next: toLoader(file, () => {
      isNextAsked = true;
    }),
  };
  await rehearseUnlessAsked(modules, never, 0);
  assert.ok(isNextAsked);
});
