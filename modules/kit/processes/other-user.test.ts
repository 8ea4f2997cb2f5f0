// Runs process and memory as a user who may not read other users' processes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../../protocol/result/result.ts';
import { module as memoryModule } from '../../memory/module.ts';
import { module as processModule } from '../../process/module.ts';
import { startTarget } from '../testing/target.ts';

const script = join(import.meta.dirname, '..', 'testing', 'ask-as.ts');
/** The user `nobody`, who exists everywhere. */
const nobody = 65_534;

function askAsNobody(module: string, search: unknown): OperationResult {
  const parameters = JSON.stringify({ searches: { s1: search } });
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, module, parameters], {
    uid: nobody,
    gid: nobody,
    cwd: '/',
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return OperationResult.parse(JSON.parse(stdout));
}

function canAsk(): boolean {
  if (process.getuid?.() !== 0) return false;
  return (
    spawnSync(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(script)})`], {
      uid: nobody,
      gid: nobody,
      cwd: '/',
    }).status === 0
  );
}

describe('a user who is not root', {
  skip: canAsk() ? false : 'needs root and a checkout that others may read',
}, () => {
  it('has processes, and is told that some could not be judged', async () => {
    const target = await startTarget(['wait', 'seen', 'by', 'all'], { name: 'mig-of-root' });
    const all = askAsNobody('process', { names: ['^mig-of-root$'] });
    const [element] = processModule.elements.parse(all.elements).s1 ?? [];
    assert.deepEqual(
      { pid: element?.pid, exe: element?.exe, user: element?.user, hasCommand: element?.cmd.endsWith('seen by all') },
      { pid: target.pid, exe: null, user: 'root', hasCommand: true },
    );
    const byPath = askAsNobody('process', { exes: ['mig-of-root'], names: ['^mig-of-root$'] });
    assert.equal(byPath.success, true);
    assert.equal(byPath.foundanything, false);
    assert.ok(byPath.receipt.skipped.some(({ reason, count }) => reason === 'no-permission' && count >= 1));
    assert.match(byPath.errors.join('\n'), /could not be tested/);
  });

  it('has no memory of others, and is told so', async () => {
    const target = await startTarget(['plant', '65536'], { name: 'mig-of-root-memory' });
    await target.send(`put 0 ${Buffer.from('mig-not-for-nobody').toString('hex')}`);
    const answer = askAsNobody('memory', {
      names: ['^mig-of-root-memory$'],
      contents: ['mig-not-for-nobod[y]'],
      options: { matchall: true, logfailures: true },
    });
    assert.equal(answer.success, true);
    assert.deepEqual(memoryModule.elements.parse(answer.elements), { s1: [] });
    assert.deepEqual(
      answer.receipt.skipped.filter(({ reason }) => reason === 'no-permission'),
      [{ reason: 'no-permission', count: 1 }],
    );
    assert.ok(
      answer.errors.includes(`process ${target.pid} (mig-of-root-memory): no-permission`),
      answer.errors.join('\n'),
    );
  });
});
