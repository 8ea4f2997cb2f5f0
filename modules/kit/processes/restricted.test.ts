/** Systems with restricted views: no /proc, or no pagemap, as in small images and sandboxes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OperationResult } from '../../../protocol/result/result.ts';
import { module as memoryModule } from '../../memory/module.ts';
import { module as processModule } from '../../process/module.ts';
import { startTarget } from '../testing/target.ts';

const script = join(import.meta.dirname, '..', 'testing', 'ask-as.ts');

/** @param preparation shell commands in a mount namespace of its own, before the module is asked. */
function askAfter(preparation: string, module: string, parameters: unknown): OperationResult {
  const command = ['-m', 'sh', '-c', `${preparation} && exec "$0" "$@"`, process.execPath, script, module];
  const stdout = execFileSync('unshare', [...command, JSON.stringify(parameters)], { encoding: 'utf8' });
  return OperationResult.parse(JSON.parse(stdout));
}

const withoutProc = 'umount -l /proc';

describe('a system that shows less', {
  skip: process.getuid?.() === 0 ? false : 'needs root for a mount namespace',
}, () => {
  it('has its processes listed by ps where we cannot', async (context) => {
    const target = await startTarget(['wait', 'seen', 'by', 'ps'], { name: 'mig-by-ps' });
    const folder = mkdtempSync(join(tmpdir(), 'mig-ps-'));
    context.after(() => rmSync(folder, { recursive: true }));
    // As on systems where ps has extra rights: the real ps, with the /proc that we do not have.
    const own = `unshare -m sh -c 'mount -t proc proc /proc && exec /bin/ps "$@"' ps "$@"`;
    writeFileSync(join(folder, 'ps'), `#!/bin/sh\nexec ${own}\n`);
    chmodSync(join(folder, 'ps'), 0o755);
    const { success, elements, errors } = askAfter(`${withoutProc} && export PATH="${folder}:$PATH"`, 'process', {
      searches: { s1: { names: ['^mig-by-ps$'] } },
    });
    assert.equal(success, true);
    const [element] = processModule.elements.parse(elements).s1 ?? [];
    assert.deepEqual([element?.pid, element?.cmd.endsWith('wait seen by ps')], [target.pid, true]);
    assert.match(errors.join('\n'), /reads processes with ps/);
  });

  it('is an answer with a reason where nobody lists them', () => {
    for (const [preparation, module, parameters] of [
      [withoutProc, 'process', { searches: { s1: {} } }],
      [`${withoutProc} && export PATH=/without-ps`, 'process', { searches: { s1: {} } }],
      [withoutProc, 'memory', { searches: { s1: { signs: ['preload'] } } }],
    ] as const) {
      const { success, errors } = askAfter(preparation, module, parameters);
      assert.equal(success, false, module);
      assert.match(errors.join('\n'), /processes/);
    }
  });

  it('has its sockets listed, and a note that their processes are not known', () => {
    const { success, errors } = askAfter(withoutProc, 'netstat', { localip: ['127.0.0.1'], unixsocket: ['.'] });
    assert.equal(success, true);
    assert.match(errors.join('\n'), /does not list its processes/);
  });

  it('has no memory looked at without a pagemap, and says so', async () => {
    const target = await startTarget(['plant', '65536'], { name: 'mig-no-pagemap' });
    await target.send(`put 0 ${Buffer.from('mig-without-pagemap').toString('hex')}`);
    const search = { names: ['^mig-no-pagemap$'], contents: ['mig-without-pagema[p]'], options: { matchall: true } };
    const preparation = `mount --bind /dev/null /proc/${target.pid}/pagemap`;
    const { success, elements, receipt, errors } = askAfter(preparation, 'memory', { searches: { s1: search } });
    assert.equal(success, true);
    assert.deepEqual(memoryModule.elements.parse(elements), { s1: [] });
    assert.ok(receipt.skipped.some(({ reason, count }) => reason === 'no-permission' && count === 1));
    assert.match(errors.join('\n'), /1 process could not be examined/);
  });
});
