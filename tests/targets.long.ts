/**
 * `npm run test:targets`: builds the agents for every target here and in a clone elsewhere, and compares them byte for
 * byte. Signs and damages them. Runs the one for Windows under wine, as a Windows host would. It compiles everything from
 * nothing, which takes a quarter of an hour or more, so it is not part of `npm test`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findRunner, type Runner, runExecutable } from '../builder/check-executable/runner.ts';
import { verifyCodeSignature } from '../builder/mach-o/code-signature.ts';
import { readPointers, readSymbols } from '../builder/mach-o/symbols.ts';
import { findBase } from '../builder/package/base.ts';
import { executableName, targets } from '../builder/package/target.ts';
import { loadModules, moduleNames } from '../modules/registry.ts';
import { Manifest } from '../protocol/environment/manifest.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab, projectRoot } from '../tools/lab/lab.ts';

let lab: Lab;
before(() => {
  lab = new Lab();
});
after(() => lab?.close());

/** A clone with the uncommitted changes of this checkout, in another folder. */
function cloneTo(folder: string): void {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
  });
  for (const file of listed.stdout.toString().split('\0').filter(Boolean)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(join(projectRoot, file), join(folder, file));
  }
}

describe('the agents for all targets', () => {
  const output = () => lab.path('first');

  async function build(root: string, out: string): Promise<void> {
    const command = [
      'tools/run.mjs',
      'builder/main.ts',
      'agent',
      '--env',
      'production',
      '--target',
      'all',
      '--packages',
    ];
    const script = `cd '${root}' && node ${command.join(' ')} --out '${out}' >&2`;
    const { code, stderr } = await lab.run('bash', ['-c', `time (${script})`]);
    assert.equal(code, 0, stderr);
    process.stderr.write(`${root}: ${stderr.split('\n').slice(-5).join(' ')}\n`);
  }

  test('are the same to the byte in another clone, which compiles everything anew', async () => {
    const clone = lab.path('somewhere', 'else', 'clone');
    cloneTo(clone);
    await build(projectRoot, output());
    await build(clone, lab.path('second'));
    const names = readdirSync(output()).sort();
    assert.deepEqual(readdirSync(lab.path('second')).sort(), names);
    for (const target of targets) assert.ok(names.includes(executableName('mig-agent', target)));
    for (const name of names)
      assert.equal(spawnSync('cmp', [join(output(), name), lab.path('second', name)]).status, 0, name);
  });

  test('are listed in the manifest with what was tried', () => {
    const { files } = Manifest.parse(JSON.parse(readFileSync(join(output(), 'manifest.json'), 'utf8')));
    assert.deepEqual(
      files.map(({ file }) => file),
      targets.map((target) => executableName('mig-agent', target)),
    );
    for (const { file, checked } of files) {
      process.stderr.write(`${file}: ${checked}\n`);
      assert.match(checked, /^bundle and native part are whole/);
    }
  });

  for (const arch of ['x64', 'arm64'] as const)
    test(`a bit that is another breaks the signature for macOS ${arch}`, () => {
      const file = readFileSync(join(output(), `mig-agent-macos-${arch}`));
      assert.ok(verifyCodeSignature(file).isAdHoc);
      const at = Math.floor(file.length / 2);
      file.writeUInt8(file.readUInt8(at) ^ 1, at);
      assert.throws(() => verifyCodeSignature(file), { code: 'signature-invalid' });
    });

  test("the signatures of Node's makers for macOS, by Apple's own tool, are good to the verifier", async () => {
    for (const target of targets.filter(({ os }) => os === 'darwin')) {
      const { path } = await findBase(projectRoot, target);
      assert.equal(verifyCodeSignature(readFileSync(path)).isAdHoc, false);
    }
  });

  test('those for macOS export and import what Node does, without the names of anything else', async () => {
    for (const target of targets.filter(({ os }) => os === 'darwin')) {
      const node = readFileSync((await findBase(projectRoot, target)).path);
      const agent = readFileSync(join(output(), executableName('mig-agent', target)));
      const describeAll = (file: Buffer) =>
        readSymbols(file).map(({ name, isDefined, library, address }) => [name, isDefined, library, address]);
      assert.deepEqual(describeAll(agent), describeAll(node));
      assert.deepEqual(readPointers(agent), readPointers(node));
      assert.ok(node.length - agent.length > 15_000_000, `${node.length} to ${agent.length} bytes`);
    }
  });
});

const hasWine = spawnSync('wine', ['--version']).status === 0;
if (!hasWine) process.stderr.write('SKIPPED: wine is not installed; the agent for Windows was NOT run\n');

describe('the agent for Windows under wine', { skip: !hasWine }, () => {
  const fleet = 'windows';
  let runner: Runner;
  let env: Record<string, string>;

  before(async () => {
    const alice: LabInvestigator = await lab.makeInvestigator('alice');
    const relay = await lab.startRelay();
    const environment = {
      relay: lab.relayConfig(relay.address),
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: [...moduleNames],
      heartbeatSeconds: 1,
    };
    const executable = await lab.buildAgent(fleet, environment, { target: 'win-x64' });
    const found = await findRunner(executable, { os: 'win32', arch: 'x64' }, join(projectRoot, '.cache'));
    assert.ok(found !== null);
    runner = found;
    // Of an earlier run.
    for (const folder of ['trial', join('Program Files', 'mig-agent-windows')])
      rmSync(join(runner.env.WINEPREFIX ?? '', 'drive_c', folder), { recursive: true, force: true });
    env = lab.migEnvironment(relay.address, fleet, alice);
  });

  const ask = (target: string) =>
    lab.mig(
      [
        'file',
        '-t',
        target,
        '-path',
        'C:\\Windows',
        '-maxdepth',
        '1',
        '-name',
        '^explorer',
        '-sha2',
        'a'.repeat(64),
        '-mismatch',
        'sha2',
      ],
      env,
    );

  test('verifies itself and shows its configuration', async () => {
    const manifest = lab.path('dist', fleet, 'manifest.json');
    const printed = await runExecutable(runner, ['verify', `Z:${manifest.replaceAll('/', '\\')}`], '');
    assert.doesNotMatch(printed, /DIFFERS/);
    const config = JSON.parse(await runExecutable(runner, ['config'], '')) as { readonly modules: unknown };
    const forWindows = [...(await loadModules())].filter(([, { platforms }]) => platforms.includes('win32'));
    assert.deepEqual(
      config.modules,
      forWindows.map(([name]) => name),
    );
  });

  test('checks in and answers a question', async () => {
    const checkin = () => runExecutable(runner, ['checkin', '--state', 'C:\\trial'], '');
    await checkin();
    let isDone = false;
    const asked = ask("mode = 'checkin' AND environment->>'os' = 'windows'").finally(() => {
      isDone = true;
    });
    while (!isDone) await checkin();
    const { code, stdout, stderr } = await asked;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /C:\\Windows\\explorer\.exe \[/);
  });

  test('is installed as a service, answers, is upgraded, tells its state and goes away again', async () => {
    // Otherwise wine's service manager would end when no other program runs. Nothing may be left of an earlier server.
    await lab.run('env', [
      ...Object.entries(runner.env).map(([name, value]) => `${name}=${value}`),
      'wineserver',
      '--wait',
    ]);
    const keeper = lab.start('wine', 'wineserver', ['--persistent', '--foreground'], { ...runner.env });
    try {
      for (const time of [1, 2])
        assert.match(await runExecutable(runner, ['install'], ''), /^started/m, `installed ${time} times`);
      const status = await runExecutable(runner, ['status'], '');
      assert.match(status, /mig-agent-windows: RUNNING$/m);
      assert.match(status, /mig-agent\.exe: this very one$/m);
      await lab.waitForAgents(1, env, "mode = 'daemon' AND status = 'online'");
      const { code, stdout, stderr } = await ask("mode = 'daemon'");
      assert.equal(code, 0, stderr);
      assert.match(stdout, /C:\\Windows\\explorer\.exe \[/);
      const processes = await lab.mig(
        ['process', '-t', "mode = 'daemon'", '-name', '^mig-agent', '-cmd', 'service'],
        env,
      );
      assert.equal(processes.code, 0, processes.stderr);
      assert.match(processes.stdout, /mig-agent\.exe \[.*exe:C:\\Program Files\\mig-agent-windows\\mig-agent\.exe/);
      const addresses = await lab.mig(['netstat', '-t', "mode = 'daemon'", '-li', '127.0.0.1'], env);
      assert.equal(addresses.code, 0, addresses.stderr);
      const memory = await lab.mig(
        ['memory', '-t', "mode = 'daemon'", '-name', 'explorer', '-content', 'not there'],
        env,
      );
      assert.doesNotMatch(memory.stderr, /error/, 'what may not be read is a note, not a failure');
      const audit = await runExecutable(runner, ['audit', '--verify'], '');
      assert.match(audit, / reported .+ succeeded, found something/);
      assert.equal(audit.match(/ started version /g)?.length, 2, 'stopped and started once by the upgrade');
    } finally {
      await runExecutable(runner, ['uninstall'], '');
      await keeper.stop();
    }
    const state = join(runner.env.WINEPREFIX ?? '', 'drive_c', 'Program Files', 'mig-agent-windows');
    await eventually(async () => readdirSync(state).join() === 'state');
  });
});
