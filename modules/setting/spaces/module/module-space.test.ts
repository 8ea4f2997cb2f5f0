import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { describe, it } from 'node:test';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost } from '../../../kit/testing/host.ts';
import { whyNoTools } from '../../../kit/testing/system-tools.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';

const modules = `/usr/lib/modules/${release()}`;
const files = {
  '/proc/modules': 'usb_storage 81920 0 - Live 0x0\nxfs 1 0 - Live 0x0\n',
  '/proc/cmdline': 'quiet module_blacklist=floppy,cd-rom modprobe.blacklist=pcspkr\n',
  [`${modules}/modules.builtin`]: 'kernel/fs/ext4/ext4.ko\n',
  [`${modules}/modules.dep`]: [
    'usb-storage',
    'cramfs',
    'freevxfs',
    'floppy',
    'pcspkr',
    'nouveau',
    'xfs',
    'jffs2',
    'dccp',
  ]
    .map((name) => `kernel/${name}.ko.xz: kernel/x.ko\n`)
    .join(''),
  '/etc/modprobe.d/a.conf':
    'install cramfs /bin/false\n# install xfs /bin/false\ninstall jffs* \\\n  /usr/bin/true\nblacklist nouveau\n',
  '/usr/lib/modprobe.d/b.conf': 'install cramfs /sbin/modprobe --ignore-install cramfs\ninstall dccp /sbin/dccp-tool\n',
  '/etc/modules-load.d/c.conf': '; comment\nfreevxfs\ncramfs\n',
};
const host = makeHost(files);
const { ask } = askerOf(module, runBelow(host.root));
const read = async (key: string) => (await ask({ settings: [`module:${key}`], options: { verdicts: true } })).hits[0];

describe('a module of the kernel', () => {
  for (const [name, loadable] of [
    ['usb-storage', 'yes'],
    ['usb_storage', 'yes'],
    ['cramfs', 'no'],
    ['jffs2', 'no'],
    ['floppy', 'no'],
    ['nouveau', 'blacklisted'],
    ['pcspkr', 'blacklisted'],
    ['dccp', 'command'],
    ['ext4', 'builtin'],
    ['hfs', 'missing'],
  ] as const)
    it(`may be loaded: ${name} ${loadable}`, async () => assert.equal((await read(`${name}#loadable`))?.now, loadable));

  it('is loaded now, and at the next start where a file says so and none forbids it', async () => {
    const loaded = async (name: string) => {
      const hit = await read(name);
      return [hit?.now, hit?.boot, hit?.from?.line];
    };
    assert.deepEqual(await loaded('usb-storage'), ['yes', undefined, undefined]);
    assert.deepEqual(await loaded('freevxfs'), ['no', 'yes', 2]);
    assert.deepEqual(await loaded('cramfs'), ['no', 'no', 1]);
  });

  it('is on disk', async () => {
    assert.equal((await read('xfs#file'))?.now, host.at(`${modules}/kernel/xfs.ko.xz`));
    assert.equal((await read('hfs#file'))?.now, null);
  });

  it('is unknown to be loadable where the kernel has no folder', async () => {
    const bare = askerOf(module, runBelow(makeHost({}).root));
    const { hits } = await bare.ask({ settings: ['module:xfs#loadable = yes'], options: { verdicts: true } });
    assert.deepEqual([hits[0]?.holds, hits[0]?.why], ['unknown', 'unsupported']);
  });
});

const reason = whyNoTools('modprobe');

it('modprobe loads none that is not loadable', { skip: reason ?? false }, async () => {
  const folders = ['-C', host.at('/etc/modprobe.d'), '-d', host.at('/'), '-S', release()];
  // It finds the others by an index that only depmod makes.
  for (const name of ['cramfs', 'xfs']) {
    const { stdout } = spawnSync('modprobe', [...folders, '--show-depends', name], { encoding: 'utf8' });
    assert.equal(stdout.startsWith('install /bin/false'), (await read(`${name}#loadable`))?.now === 'no', stdout);
  }
});
