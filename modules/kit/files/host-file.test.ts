/** Files at known places may be replaced by anything: what is no file, or does something when it is opened, is not opened. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Gate } from '../gate.ts';
import { readHostFile } from './host-file.ts';

const isLinux = process.platform === 'linux';
const folder = mkdtempSync(join(tmpdir(), 'mig-host-file-'));
after(() => rmSync(folder, { recursive: true }));

const read = (path: string) => readHostFile(new Gate(undefined), path, 1024);

describe('a file at a known place', () => {
  it('is read, also through a link', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'text');
    symlinkSync(path, join(folder, 'link'));
    for (const one of [path, join(folder, 'link')]) {
      const found = read(one);
      assert.equal(found.kind === 'whole' ? Buffer.from(found.bytes).toString() : found.reason, 'text');
    }
  });

  it('that is a fifo does not let its writer go', { skip: !isLinux }, async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    symlinkSync(fifo, join(folder, 'to-fifo'));
    const writer = spawn('sh', ['-c', 'echo ready; echo kept >"$0"', fifo], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(writer.stdout, 'data');
    for (const name of ['fifo', 'to-fifo'])
      assert.deepEqual(read(join(folder, name)), { kind: 'unread', reason: 'special-file' });
    assert.equal(readFileSync(fifo, 'utf8'), 'kept\n');
  });

  it('that leads to the log of the kernel is not opened', { skip: !isLinux || !existsSync('/proc/kmsg') }, () => {
    symlinkSync('/proc/kmsg', join(folder, 'log'));
    assert.deepEqual(read(join(folder, 'log')), { kind: 'unread', reason: 'unsupported' });
  });

  it('that leads to a device is not opened', { skip: !isLinux }, () => {
    symlinkSync('/dev/null', join(folder, 'device'));
    assert.deepEqual(read(join(folder, 'device')), { kind: 'unread', reason: 'special-file' });
  });
});
