/** A glob that stands for more paths than are searched leaves the rest undecided. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../protocol/result/result.ts';
import { ask, makeTree } from './testing/ask.ts';

const most = 10_000;

describe('a glob', () => {
  for (const [count, undecided] of [
    [most, []],
    [most + 1, [{ reason: 'undecided', count: 1 }]],
  ] as const)
    it(`for ${count} paths is ${undecided.length === 0 ? 'searched as a whole' : 'partly undecided'}`, async () => {
      const tree = makeTree();
      for (let index = 0; index < count; index += 1) tree.write(`${index}`, '');
      const { receipt } = await ask({ paths: [tree.at('*')], names: ['^none$'] });
      assert.deepEqual(receipt.skipped, undecided);
      assert.equal(receipt.examined.files, most);
    });

  it('is undecided where a folder cannot be listed', {
    skip: process.platform === 'linux' && process.getuid?.() === 0 ? false : 'needs root to become another user',
  }, () => {
    const tree = makeTree({ 'home/ann/key': '', 'home/bob/key': '', 'home/file': '' });
    for (const open of ['.', 'home', 'home/bob']) chmodSync(tree.at(open), 0o755);
    chmodSync(tree.at('home/ann'), 0o700);
    const ask = (path: string): OperationResult => {
      const parameters = JSON.stringify({ searches: { s1: { paths: [tree.at(path)] } } });
      const script = join(import.meta.dirname, '..', 'kit', 'testing', 'ask-as.ts');
      const nobody = { uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' } as const;
      return OperationResult.parse(
        JSON.parse(spawnSync(process.execPath, [script, 'file', parameters], nobody).stdout),
      );
    };
    const { receipt, errors } = ask('home/*/k*');
    assert.deepEqual(receipt.skipped, [{ reason: 'undecided', count: 1 }]);
    assert.match(errors.join(), /1 folder could not be listed/);
    assert.equal(receipt.examined.files, 1);
    assert.deepEqual(ask('home/b*/k*').receipt.skipped, []);
  });

  it('with bytes that no text can hold is undecided', async () => {
    const tree = makeTree({ a: '' });
    const { receipt } = await ask({ paths: [tree.at('\\xff*')] });
    assert.ok(receipt.skipped.some(({ reason }) => reason === 'undecided'));
  });
});
