import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseRemotePlaces, RemotePlaces } from './remote-places.ts';

const line = (path: string, type: string): string => `36 35 98:0 / ${path} rw,noatime master:1 - ${type} source rw`;

describe('remote places', () => {
  it('are mounts of the network and of programs, with the names of the kernel', () => {
    const table = [
      line('/', 'nfs4'),
      line('/home', 'nfs4'),
      line('/mnt/a\\040b', 'fuse.sshfs'),
      line('/data', 'fuseblk'),
      line('/srv', 'ext4'),
      line('/net', 'autofs'),
      line('/late', 'nfs'),
      line('/late', 'tmpfs'),
      'nonsense',
    ];
    assert.deepEqual([...parseRemotePlaces(table.join('\n'))], ['/home', '/mnt/a b', '/net']);
  });

  it('are found through links, before anything behind them is touched', (context) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mig-remote-')));
    context.after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'nfs/alice'), { recursive: true });
    mkdirSync(join(folder, 'local'));
    symlinkSync('../nfs/alice', join(folder, 'local/alice'));
    symlinkSync(join(folder, 'local'), join(folder, 'absolute'));
    symlinkSync('loop', join(folder, 'loop'));
    const places = new RemotePlaces(line(join(folder, 'nfs'), 'nfs'));
    const cases: readonly (readonly [string, boolean])[] = [
      ['nfs', true],
      ['nfs/alice/.ssh', true],
      ['local/alice/.ssh', true],
      ['absolute/alice', true],
      ['absolute/bob', false],
      ['local', false],
      ['nfs2', false],
      ['loop/x', false],
    ];
    for (const [path, isRemote] of cases) assert.equal(places.isBehind(join(folder, path)), isRemote, path);
  });
});
