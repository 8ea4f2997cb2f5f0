/** A sysadmin's work with a built agent: verify it, install it into an image, run it once, stop it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readlinkSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Manifest } from '../protocol/environment/manifest.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';

const fleet = 'sysadmin';
let lab: Lab;
let executable: string;
let manifestFile: string;
let env: Record<string, string>;

before(async () => {
  lab = new Lab();
  const alice: LabInvestigator = await lab.makeInvestigator('alice');
  const relay = await lab.startRelay();
  executable = await lab.buildAgent(fleet, {
    relay: lab.relayConfig(relay.address),
    investigators: { alice: toPerson(alice) },
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    modules: ['file'],
  });
  manifestFile = join(dirname(executable), 'manifest.json');
  env = lab.migEnvironment(relay.address, fleet, alice);
});
after(() => lab?.close());

test('nobody but its owner may read the executable: the password of the relay is in it', () => {
  assert.equal(statSync(executable).mode & 0o777, 0o700);
});

test('the manifest tells the hash of the executable and of its bill of materials', () => {
  const manifest = Manifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  assert.equal(manifest.files[0]?.sha256, hashOf(executable));
  assert.equal(manifest.sbom.sha256, hashOf(join(dirname(manifestFile), manifest.sbom.file)));
});

test('verify agrees with the manifest of the build and names every difference to another one', async () => {
  const good = await lab.run(executable, ['verify', manifestFile]);
  assert.equal(good.code, 0, good.stdout + good.stderr);
  const manifest = Manifest.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
  const other = lab.path('other.json');
  const files = manifest.files.map((file) => ({ ...file, sha256: 'a'.repeat(64) }));
  writeFileSync(other, JSON.stringify({ ...manifest, environment: 'elsewhere', confighash: 'b'.repeat(64), files }));
  const bad = await lab.run(executable, ['verify', other]);
  assert.equal(bad.code, 1);
  assert.deepEqual(
    bad.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(0, 2).join(' ')),
    ['environment DIFFERS', 'version agrees', 'config DIFFERS', 'executable DIFFERS'],
  );
  writeFileSync(other, '{"files": []}');
  const broken = await lab.run(executable, ['verify', other]);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /^error: .+\n(.+\n)*hint: .+\n$/);
});

test('install puts executable and enabled unit into an image, uninstall takes them away again', async () => {
  const image = lab.path('image');
  mkdirSync(image);
  assert.equal((await lab.run(executable, ['install', '--root', image])).code, 2, 'an image without systemd');
  mkdirSync(join(image, 'usr/lib/systemd'), { recursive: true });
  writeFileSync(join(image, 'usr/lib/systemd/systemd'), '');
  const installed = join(image, 'usr/local/sbin', `mig-agent-${fleet}`);
  const unit = join(image, 'etc/systemd/system', `mig-agent-${fleet}.service`);
  const wanted = join(image, 'etc/systemd/system/multi-user.target.wants', `mig-agent-${fleet}.service`);
  // The second time is an upgrade.
  for (const time of [1, 2]) {
    const { code, stderr } = await lab.run(executable, ['install', '--root', image]);
    assert.equal(code, 0, `${time}: ${stderr}`);
    assert.ok(readFileSync(installed).equals(readFileSync(executable)));
    assert.equal(statSync(installed).mode & 0o777, 0o700);
    assert.ok(readFileSync(unit, 'utf8').includes(`ExecStart=/usr/local/sbin/mig-agent-${fleet}\n`));
    assert.equal(readlinkSync(wanted), `/etc/systemd/system/mig-agent-${fleet}.service`);
  }
  const uninstall = () => lab.run(executable, ['uninstall', '--root', image]);
  const { code, stdout } = await uninstall();
  assert.deepEqual([code, stdout], [0, `removed mig-agent-${fleet}\n`], 'it never ran there, so nothing stays');
  for (const path of [installed, unit, wanted]) assert.equal(existsSync(path), false, path);
  const again = await uninstall();
  assert.deepEqual([again.code, again.stdout], [0, `mig-agent-${fleet} is not installed; nothing was removed\n`]);

  const state = join(image, 'var/lib/mig-agent', fleet);
  mkdirSync(state, { recursive: true });
  assert.equal((await lab.run(executable, ['install', '--root', image])).code, 0);
  const removed = `removed mig-agent-${fleet}\nits key and audit log are still in ${state}\n`;
  assert.equal((await uninstall()).stdout, removed);
});

test('install and uninstall leave an agent alone that a package put there, and say so', async () => {
  const image = lab.path('packaged');
  const unit = join(image, 'usr/lib/systemd/system', `mig-agent-${fleet}.service`);
  mkdirSync(dirname(unit), { recursive: true });
  for (const path of [join(image, 'usr/lib/systemd/systemd'), unit]) writeFileSync(path, '');
  for (const command of ['install', 'uninstall']) {
    const { code, stderr } = await lab.run(executable, [command, '--root', image]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: expected no package .*\nhint: .*mig-agent-sysadmin/);
  }
  assert.ok(existsSync(unit));
});

test('checkin answers what was asked meanwhile, tells that it is one, and ends', async () => {
  const folder = lab.path('evidence');
  mkdirSync(folder);
  writeFileSync(join(folder, 'found'), '');
  const checkin = () => lab.run(executable, ['checkin', '--state', lab.path('laptop')]);
  const first = await checkin();
  assert.equal(first.code, 0, first.stderr);
  const asking = lab.mig(['file', '-t', "mode = 'checkin'", '-path', folder, '-name', 'found'], env);
  let isDone = false;
  const asked = asking.finally(() => {
    isDone = true;
  });
  // Asked while the agent was away: it finds the question at the next or second next time.
  while (!isDone) assert.equal((await checkin()).code, 0);
  const { code, stdout, stderr } = await asked;
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(join(folder, 'found')), stdout);
});

test('an agent that is told to stop lets a running module finish and delivers its answer', async () => {
  const state = lab.path('stopping');
  const agent = await lab.startAgent(executable, 'stopping');
  await lab.waitForAgents(1, env, "mode = 'daemon' AND status = 'online'");
  const folder = lab.path('long');
  mkdirSync(folder);
  // A sparse file: it takes time to read, but no space.
  writeFileSync(join(folder, 'large'), '');
  truncateSync(join(folder, 'large'), 1024 ** 3);
  const limits = ['-path', folder, '-sha2', 'a'.repeat(64)];
  const asking = lab.mig(['file', '-t', "mode = 'daemon'", ...limits], env);
  const readAudit = async () => (await lab.run(executable, ['audit', '--state', state])).stdout;
  await eventually(async () => / accepted /.test(await readAudit()));
  agent.child.kill('SIGTERM');
  assert.doesNotMatch(await readAudit(), / reported [0-9a-f]{32} /);
  assert.deepEqual(await agent.ended, { code: 0, signal: null });
  assert.match(await readAudit(), / reported [0-9a-f]{32} /);
  const { stderr } = await asking;
  assert.match(stderr, /^1 sent, 1 done, 1 succeeded$/m);
  // Regression: the last acknowledgement was lost with the connection. The question came again and was refused as a replay.
  const next = await lab.startAgent(executable, 'stopping');
  assert.equal((await lab.mig(['file', '-t', "mode = 'daemon'", '-path', folder, '-name', '^large$'], env)).code, 0);
  assert.doesNotMatch(await readAudit(), / refused /);
  await next.stop();
});
