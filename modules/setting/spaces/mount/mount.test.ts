import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost } from '../../../kit/testing/host.ts';
import { whyNoTools } from '../../../kit/testing/system-tools.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';
import { toUnitName } from './units.ts';

const host = makeHost({
  '/proc/1/mountinfo': [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
    '30 22 0:30 / /tmp rw,nosuid - tmpfs tmpfs ro,size=1k',
    '31 22 0:31 / /tmp rw,nosuid,nodev shared:3 master:2 - tmpfs tmpfs rw,size=2k',
    '32 22 8:2 /srv /mnt/my\\040disk ro,noexec - xfs /dev/sdb1 rw,attr2',
    '33 22 8:3 / /opt rw - xfs /dev/sdc1 rw',
    '',
  ].join('\n'),
  '/etc/fstab': [
    '# <file system> <mount point>',
    'UUID=1 / ext4 errors=remount-ro 0 1',
    'tmpfs /tmp/ tmpfs defaults,nosuid,nodev,noexec,x-systemd.growfs 0 0',
    '/dev/sdb1 /mnt/my\\040disk xfs users,exec,ro',
    '/dev/sdd1 /media/usb vfat noauto,user 0 0',
    '/dev/sde1 none swap sw,pri=1 0 0',
  ].join('\n'),
  '/etc/systemd/system/var-lib-data.mount': '[Mount]\nWhat=/dev/sdf1\nType=ext4\nOptions=nodev\n',
  '/etc/systemd/system/var-lib-data.mount.d/more.conf': '[Mount]\nOptions=nodev,nosuid\n',
  '/run/systemd/system/opt.mount': '[Mount]\nWhat=/dev/sdc1\n',
  '/usr/lib/systemd/system/var-static.mount': '[Mount]\nWhat=x\n',
  '/proc/swaps': 'Filename Type Size Used Priority\n/swap\\040file file 1024 0 -2\n',
});
const wanted = host.at('/etc/systemd/system/local-fs.target.wants/var-lib-data.mount');
mkdirSync(dirname(wanted), { recursive: true });
symlinkSync('../var-lib-data.mount', wanted);
symlinkSync('/dev/null', host.at('/etc/systemd/system/masked.mount'));

const { ask } = askerOf(module, runBelow(host.root));
const read = async (key: string) => {
  const [hit] = (await ask({ settings: [key], options: { verdicts: true } })).hits;
  return { now: hit?.now, boot: hit?.boot, line: hit?.from?.line };
};
const changes = async (key: string) => {
  const [hit] = (await ask({ settings: [`"${key}" now!=boot`], options: { verdicts: true } })).hits;
  return hit?.holds;
};

describe('a mount', () => {
  it('has the options of the last one there, and those that its line gives it', async () => {
    assert.deepEqual(await read('mount:/tmp'), {
      now: ['rw', 'nosuid', 'nodev', 'size=2k'],
      boot: ['rw', 'nosuid', 'nodev', 'noexec'],
      line: 3,
    });
    assert.equal(await changes('mount:/tmp'), 'yes');
    assert.equal(await changes('mount:/'), 'no');
  });

  it('has blanks in its path, and a part of a device as its source', async () => {
    assert.deepEqual(await read('"mount:/mnt/my disk"'), {
      now: ['ro', 'noexec', 'attr2'],
      boot: ['nosuid', 'nodev', 'ro'],
      line: 4,
    });
    assert.equal((await read('"mount:/mnt/my disk#source"')).now, '/dev/sdb1[/srv]');
    assert.equal((await read('mount:/#type')).now, 'ext4');
  });

  for (const [key, says] of [
    ['mount:/opt', 'yes'],
    ['mount:/media/usb', 'no'],
    ['mount:/nowhere', 'no'],
    ['mount:/masked', 'no'],
    ['mount:/var/lib/data', 'yes'],
    ['mount:/var/static', 'unknown'],
    ['mount:/dev', 'unknown'],
    ['mount:/tmp#source', 'unknown'],
  ] as const)
    it(`changes at the next start: ${key} ${says}`, async () => assert.equal(await changes(key), says));

  it('is started by a unit', async () => {
    assert.deepEqual(await read('mount:/var/lib/data'), { now: null, boot: ['rw', 'nodev', 'nosuid'], line: 2 });
  });

  it('is one of those that a star stands for', async () => {
    const { hits } = await ask({ settings: ['mount:*#type = xfs'] });
    assert.deepEqual(
      hits.map(({ key }) => key),
      ['mount:/mnt/my disk#type', 'mount:/opt#type'],
    );
  });
});

it('swap is a list of devices, and their size', async () => {
  assert.deepEqual(await read('swap:devices'), { now: ['/swap file'], boot: ['/dev/sde1'], line: 6 });
  assert.deepEqual((await ask({ settings: ['swap:size = 1m'] })).hits.length, 1);
  assert.equal(await changes('swap:devices'), 'no');
});

const reason = whyNoTools('findmnt', 'systemd-escape');

it('every mount of this machine is as findmnt says', { skip: reason ?? false }, async () => {
  const { status, stdout } = spawnSync('findmnt', ['-J', '-l', '-o', 'TARGET,FSTYPE,SOURCE,OPTIONS', '-N', '1'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  const said = new Map(
    (
      JSON.parse(stdout) as { filesystems: Record<'target' | 'fstype' | 'source' | 'options', string>[] }
    ).filesystems.map((one) => [one.target, one]),
  );
  const own = askerOf(module, runBelow('/'));
  const answers = await own.askAll(
    Object.fromEntries(['mount:*', 'mount:*#type', 'mount:*#source'].map((key) => [key, { settings: [`${key} set`] }])),
  );
  const nowOf = (label: string) => new Map(answers.elements[label]?.map(({ key, now }) => [key, now]));
  const [options, types, sources] = ['mount:*', 'mount:*#type', 'mount:*#source'].map(nowOf);
  assert.ok(said.size > 3);
  for (const [target, { fstype, source, options: words }] of said) {
    assert.deepEqual([options?.get(`mount:${target}`) ?? []].flat().sort(), words.split(',').sort(), target);
    assert.equal(types?.get(`mount:${target}#type`), fstype);
    assert.equal(sources?.get(`mount:${target}#source`), source);
  }
});

it('a path has the unit that systemd gives it', { skip: reason ?? false }, () => {
  const paths = ['/', '/var/lib/data', '/mnt/my disk', '/.hidden/a-b', '/a/.b', '/x:y_z', '/a+b'];
  const { stdout } = spawnSync('systemd-escape', ['--path', '--suffix=mount', ...paths], { encoding: 'utf8' });
  assert.deepEqual(paths.map(toUnitName), stdout.trim().split(' '));
});
