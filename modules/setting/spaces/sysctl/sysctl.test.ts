import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { askerOf } from '../../../kit/testing/ask.ts';
import { makeHost, type TestHost } from '../../../kit/testing/host.ts';
import { whyNoTools } from '../../../kit/testing/system-tools.ts';
import { module } from '../../module.ts';
import { runBelow } from '../../run.ts';

const starter = '/usr/lib/systemd/systemd-sysctl';

function ask(host: TestHost, ...settings: string[]) {
  return askerOf(module, runBelow(host.root)).ask({ settings, options: { verdicts: true } });
}

describe('a kernel parameter', () => {
  const host = makeHost({
    [starter]: '',
    '/etc/sysctl.conf': 'net.ipv4.ip_forward = 5\n',
    '/etc/sysctl.d/50-a.conf': '# comment\n; comment\nnet.ipv4.ip_forward = 1\n\n-net/ipv4/conf/eth0.1/rp_filter=2\n',
    '/usr/lib/sysctl.d/50-a.conf': 'kernel.panic = 3\n',
    '/usr/lib/sysctl.d/60-b.conf': 'net.ipv4.conf.*.rp_filter = 1\n-net.ipv4.conf.all.rp_filter\n',
    '/proc/sys/net/ipv4/ip_forward': '0\n',
    '/proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456\n',
    '/proc/sys/net/ipv4/conf/all/rp_filter': '0\n',
    '/proc/sys/net/ipv4/conf/eth0.1/rp_filter': '0\n',
    '/proc/sys/net/ipv4/conf/lo/rp_filter': '0\n',
    '/proc/sys/net/ipv4/tcp_fastopen_key': 'a-b-c-d\n',
  });

  it('has a value now, one after a reboot, and a line that sets it', async () => {
    const { hits, receipt } = await ask(host, 'sysctl:net.ipv4.ip_forward now!=boot');
    assert.deepEqual(hits, [
      {
        key: 'sysctl:net.ipv4.ip_forward',
        holds: 'yes',
        now: '0',
        boot: '1',
        from: { path: host.at('/etc/sysctl.d/50-a.conf'), line: 3 },
      },
    ]);
    assert.deepEqual(
      receipt.sources?.map(({ path, entries }) => [path?.slice(host.root.length), entries]),
      [
        ['/etc/sysctl.d/50-a.conf', 2],
        ['/usr/lib/sysctl.d/60-b.conf', 2],
        ['/proc/sys', 1],
      ],
    );
  });

  it('with a star is every one that it fits, and a pattern sets none that a line names', async () => {
    const { hits } = await ask(host, 'sysctl:net.ipv4.conf.*.rp_filter');
    assert.deepEqual(
      hits.map(({ key, boot }) => [key, boot]),
      [
        ['sysctl:net.ipv4.conf.all.rp_filter', null],
        ['sysctl:net.ipv4.conf.eth0/1.rp_filter', '2'],
        ['sysctl:net.ipv4.conf.lo.rp_filter', '1'],
      ],
    );
  });

  it('of several numbers is compared whatever the blanks between them', async () => {
    const { hits } = await ask(host, 'sysctl:net.ipv4.tcp_rmem = 4096 131072  6291456');
    assert.equal(hits[0]?.holds, 'yes');
  });

  it('that a default decides may be any after a reboot', async () => {
    const { hits } = await ask(host, 'sysctl:net.ipv4.tcp_rmem now!=boot');
    assert.deepEqual([hits[0]?.holds, hits[0]?.why], ['unknown', 'undecided']);
  });

  it('with a secret is not told, nor one out of its folder', async () => {
    for (const key of ['net.ipv4.tcp_fastopen_key', 'net/../../x', 'net..x', ''])
      await assert.rejects(ask(host, `sysctl:${key} set`), /expected a k/);
    const { hits } = await ask(host, 'sysctl:net.ipv4.tcp_* set');
    assert.deepEqual(
      hits.map(({ key }) => key),
      ['sysctl:net.ipv4.tcp_rmem'],
    );
  });

  it('is unknown after a reboot when a file could not be read, but for files behind that', async () => {
    const damaged = makeHost({
      [starter]: '',
      '/etc/sysctl.d/1.conf': 'kernel.a = 1\n',
      '/etc/sysctl.d/3.conf': 'kernel.b = 1\n',
    });
    mkdirSync(damaged.at('/etc/sysctl.d/2.conf'));
    const { hits } = await askerOf(module, runBelow(damaged.root)).ask({
      settings: ['sysctl:kernel.a = 1', 'sysctl:kernel.b = 1'],
      when: 'boot',
      options: { verdicts: true },
    });
    assert.deepEqual(
      hits.map(({ holds }) => holds),
      ['unknown', 'yes'],
    );
  });

  it('is set by a file whose name has letters with marks', async () => {
    const marked = makeHost({ [starter]: '', '/etc/sysctl.d/größe.conf': 'kernel.a = 7\n' });
    assert.equal((await ask(marked, 'sysctl:kernel.a'))?.hits[0]?.boot, '7');
  });

  it('of a system without systemd is set by /etc/sysctl.conf last', async () => {
    const other = makeHost({ '/etc/sysctl.conf': 'kernel.a = 5\n', '/etc/sysctl.d/1.conf': 'kernel.a = 1\n' });
    assert.equal((await ask(other, 'sysctl:kernel.a'))?.hits[0]?.boot, '5');
  });
});

const names = ['net/ipv4/conf/all/x', 'net/ipv4/conf/lo/x', 'net/ipv4/conf/eth0.1/x', 'kernel/a', 'kernel/b'];
const keys = [
  ...[
    'net.ipv4.conf.all.x',
    'net/ipv4/conf/lo/x',
    'net.ipv4.conf.eth0/1.x',
    'net.ipv4.conf.*.x',
    'net/ipv4/conf/[al]*/x',
  ],
  ...['kernel.a', 'kernel/b', 'kernel.?', 'kernel.*', 'net.ipv4.conf.eth?/1.x'],
];
const line = fc.oneof(
  fc.tuple(
    fc.constantFrom('', '-', ' '),
    fc.constantFrom(...keys),
    fc.constantFrom('=', ' = '),
    fc.integer({ min: 100, max: 999 }),
  ),
  fc.tuple(fc.constantFrom('-', '# ', '; '), fc.constantFrom(...keys)),
);
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/lib/sysctl.d'];
const configuration = fc.array(
  fc.record({
    folder: fc.constantFrom(...folders),
    name: fc.constantFrom('1.conf', '2.conf', '3.conf', 'no.txt'),
    lines: fc.oneof(fc.constant(null), fc.array(line, { maxLength: 6 })),
  }),
  { maxLength: 6 },
);

/** The values that systemd gives files in place of /proc/sys. */
function startOf(host: TestHost): string[] {
  const script = [
    'mount -t tmpfs none /run',
    'mkdir /run/sysctl.d',
    ...folders.map((folder) => `mount --bind '${host.at(folder)}' ${folder}`),
    `mount --bind '${host.at('/proc/sys')}' /proc/sys`,
    `${starter} 2>/dev/null`,
  ].join(' && ');
  spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  return names.map((name) => readFileSync(host.at(`/proc/sys/${name}`), 'utf8').trim());
}

const reason =
  existsSync(starter) && existsSync('/etc/sysctl.d') && existsSync('/usr/lib/sysctl.d')
    ? whyNoTools('unshare')
    : 'no systemd';

it('parameters get the values that systemd gives them', { skip: reason ?? false }, async () => {
  for (const files of fc.sample(configuration, { numRuns: 25, seed: 4711 })) {
    const host = makeHost({
      [starter]: '',
      ...Object.fromEntries(names.map((name) => [`/proc/sys/${name}`, '---\n'])),
    });
    for (const folder of folders) mkdirSync(host.at(folder), { recursive: true });
    for (const { folder, name, lines } of files) {
      const path = `${folder}/${name}`;
      if (existsSync(host.at(path))) continue;
      if (lines === null) symlinkSync('/dev/null', host.at(path));
      else host.write(path, lines.map((words) => `${words.join('')}\n`).join(''));
    }
    const { hits } = await ask(host, 'sysctl:kernel.*', 'sysctl:net.ipv4.conf.*.x');
    const told = new Map(hits.map(({ key, boot }) => [key, boot ?? '---']));
    const ours = ['net.ipv4.conf.all.x', 'net.ipv4.conf.lo.x', 'net.ipv4.conf.eth0/1.x', 'kernel.a', 'kernel.b'];
    assert.deepEqual(
      ours.map((key) => told.get(`sysctl:${key}`)),
      startOf(host),
      JSON.stringify(files),
    );
  }
});

/** Lines of `sysctl -a`, by key; those of several lines are left out. */
function readAll(): ReadonlyMap<string, string> {
  const { stdout } = spawnSync('sysctl', ['-a'], { encoding: 'latin1' });
  const counts = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const [, key, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) counts.set(key, [...(counts.get(key) ?? []), value]);
  }
  return new Map([...counts].flatMap(([key, values]) => (values.length === 1 ? [[key, values[0] ?? '']] : [])));
}

/** Counts of what is open: sysctl itself has some open while it prints them. */
const counts = /^(?:fs\.(?:file-nr|inode-nr|inode-state|dentry-state|aio-nr)|kernel\.(?:ns_last_pid|pty\.nr))$/;
const noSysctl = whyNoTools('sysctl');

it('parameters of this machine are as sysctl prints them', { skip: noSysctl ?? false }, async () => {
  const before = readAll();
  const { ask: askHere } = askerOf(module, runBelow('/'));
  const globs = ['kernel.*', 'vm.*', 'fs.*', 'net.core.*', 'net.ipv4.*', 'net.ipv4.conf.*.*'];
  const ours = new Map<string, unknown>();
  for (const glob of globs)
    for (const { key, now } of (await askHere({ settings: [`sysctl:${glob}`] })).hits)
      ours.set(key.slice('sysctl:'.length), now);
  const after = readAll();
  let compared = 0;
  for (const [key, now] of ours) {
    const said = before.get(key);
    // Some change all the time, and some have several lines.
    if (said === undefined || said !== after.get(key) || counts.test(key)) continue;
    assert.equal(now, said.replaceAll('\t', ' '), key);
    compared += 1;
  }
  const expected = [...before.keys()].filter((key) =>
    globs.some((glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(key)),
  );
  assert.ok(compared > 100);
  assert.deepEqual(
    expected.filter((key) => !ours.has(key) && !/secret|fastopen_key/.test(key)),
    [],
  );
});
