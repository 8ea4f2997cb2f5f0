/** The packaged agent on a host: as a normal user, beside another one, on a cloned image, and closed in by its own unit. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { serviceName } from '../host/systemd-unit.ts';
import { moduleNames } from '../modules/registry.ts';
import type { Heartbeat } from '../protocol/agent-message/agent-message.ts';
import { RunningProgram } from '../tools/lab/child.ts';
import { eventually } from '../tools/lab/eventually.ts';
import { HostileRelay } from '../tools/lab/hostile-relay.ts';
import { type LabInvestigator, toPerson } from '../tools/lab/investigator-key.ts';
import { Lab } from '../tools/lab/lab.ts';
import { askAgent } from './question.ts';

const isRoot = process.getuid?.() === 0;
/** The user `nobody`, who exists everywhere. */
const nobody = 65_534;
/** The user of the trials: not root. */
const user = isRoot ? { uid: nobody, gid: nobody } : {};
const fleets = ['staging', 'production'] as const;
const nothing = { module: 'fault', parameters: { fault: 'none' } };

let lab: Lab;
let relay: HostileRelay;
let alice: LabInvestigator;
/** Where any user may go. */
let folder: string;
let programs: RunningProgram[] = [];

before(async () => {
  lab = new Lab();
  relay = await HostileRelay.start();
  alice = await lab.makeInvestigator('alice');
  folder = mkdtempSync(join(tmpdir(), 'mig-host-'));
  chmodSync(folder, 0o755);
  for (const fleet of fleets) {
    const executable = await lab.buildAgent(
      fleet,
      {
        relay: { url: relay.agentUrl },
        investigators: { alice: toPerson(alice) },
        acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
        modules: fleet === 'production' ? [...moduleNames] : ['fault'],
      },
      { testModules: true },
    );
    copyFileSync(executable, executableOf(fleet));
    chmodSync(executableOf(fleet), 0o755);
  }
});
afterEach(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  programs = [];
  relay.forget();
});
after(async () => {
  await lab?.close();
  await relay?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function executableOf(fleet: string): string {
  return join(folder, fleet);
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv, as: typeof user = {}): RunningProgram {
  const program = new RunningProgram('the agent', command, args, { PATH: process.env.PATH, ...env }, as);
  programs.push(program);
  return program;
}

/** The first heartbeat of an agent of the fleet. */
function heartbeatOf(fleet: string): Promise<Heartbeat> {
  return relay.wait((message): message is Heartbeat => message.kind === 'heartbeat' && message.fleet === fleet, 60_000);
}

describe('as a normal user', () => {
  const home = (): string => join(folder, 'home');
  const startTrial = (fleet: string): RunningProgram => start(executableOf(fleet), [], { HOME: home() }, user);
  const stateOf = (fleet: string): string => join(home(), '.local', 'state', 'mig-agent', fleet);

  before(() => {
    mkdirSync(home());
    if (isRoot) chownSync(home(), nobody, nobody);
  });

  test('agents of two environments answer side by side, each with a state folder of its own in the home folder', async () => {
    for (const fleet of fleets) startTrial(fleet);
    const [staging, production] = await Promise.all(fleets.map(heartbeatOf));
    assert.ok(staging !== undefined && production !== undefined);
    assert.notEqual(staging.agent, production.agent);
    assert.equal((await askAgent(relay, { fleet: 'staging', agent: staging.agent }, alice, nothing)).success, true);
    const file = { module: 'file', parameters: { searches: { s: { paths: ['/etc'], names: ['^passwd$'] } } } };
    const found = await askAgent(relay, { fleet: 'production', agent: production.agent }, alice, file);
    assert.equal(found.foundanything, true, found.errors.join());
    const digests = Array.from({ length: 4000 }, (_, index) => String(index).padStart(40, '0'));
    const search = { paths: ['/etc'], names: ['^passwd$'], sha1: digests };
    const large = { module: 'file', parameters: { searches: { s: search } } };
    const none = await askAgent(relay, { fleet: 'production', agent: production.agent }, alice, large);
    assert.equal(none.success, true, none.errors.join());
    for (const fleet of fleets) {
      const { mode, uid } = statSync(stateOf(fleet));
      assert.deepEqual([mode & 0o777, uid], [0o700, user.uid ?? process.getuid?.()]);
    }
  });

  test('a second agent of one environment is told that its folder is taken', async () => {
    startTrial('staging');
    await heartbeatOf('staging');
    const second = startTrial('staging');
    assert.deepEqual(await second.ended, { code: 2, signal: null });
    assert.match(second.lines.join('\n'), /^error: expected \S+ to be free, .*\nhint: /m);
  });

  test('what has waited for an agent is answered, though one person asked it all', async () => {
    startTrial('staging');
    const to = { fleet: 'staging', agent: (await heartbeatOf('staging')).agent };
    const answers = await Promise.all(Array.from({ length: 20 }, () => askAgent(relay, to, alice, nothing)));
    assert.ok(answers.every(({ success }) => success));
  });

  test('a module process that cannot be started is a failed operation with the reason; the agent lives', async () => {
    const agent = startTrial('staging');
    const pid = String(agent.child.pid);
    const to = { fleet: 'staging', agent: (await heartbeatOf('staging')).agent };
    assert.equal((await askAgent(relay, to, alice, nothing)).success, true);
    const prlimit = (...args: readonly string[]): string =>
      execFileSync('prlimit', ['--pid', pid, ...args], { encoding: 'utf8', cwd: '/', ...user }).trim();
    const before = prlimit('--nproc', '--raw', '--noheadings', '--output', 'SOFT');
    prlimit('--nproc=1:');
    // A process that was started ahead would still answer.
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' '))
      if (child !== '') process.kill(Number(child), 'SIGKILL');
    await eventually(async () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') === '');
    const failed = await askAgent(relay, to, alice, nothing);
    assert.equal(failed.success, false);
    assert.match(failed.errors.join(), /could not be started: .*EAGAIN/);
    prlimit(`--nproc=${before}:`);
    assert.equal((await askAgent(relay, to, alice, nothing)).success, true);
  });
});

/** Whether mounts can be made for a process alone. */
const canMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;
if (!canMount) process.stderr.write('SKIPPED: it needs root and unshare; clones and the unit were NOT tried\n');

describe('with mounts of its own', { skip: canMount ? false : 'needs root and unshare' }, () => {
  test('an agent whose state was copied to another machine becomes another one, and its log says of whom', async () => {
    const [executable, original, copy] = [executableOf('staging'), lab.path('original'), lab.path('copy')];
    const machineId = lab.path('machine-id');
    writeFileSync(machineId, `${'5'.repeat(32)}\n`);
    const onClone = (command: string): readonly string[] => [
      '--mount',
      'sh',
      '-c',
      `mount --bind ${machineId} /etc/machine-id && exec ${executable} ${command} --state ${copy}`,
    ];
    start(executable, ['--state', original], {});
    const first = await heartbeatOf('staging');
    cpSync(original, copy, { recursive: true });
    relay.forget();
    const clone = start('unshare', onClone(''), {});
    const second = await heartbeatOf('staging');
    assert.notEqual(second.agent, first.agent);
    assert.equal((await askAgent(relay, { fleet: 'staging', agent: second.agent }, alice, nothing)).success, true);
    await clone.stop();
    const log = await lab.run('unshare', onClone('audit --verify'));
    assert.equal(log.code, 0, log.stderr);
    assert.match(
      log.stdout,
      new RegExp(`^1 .* started .* as agent ${second.agent}, a new one: .* by agent ${first.agent}$`, 'm'),
    );
    const ofOriginal = await lab.run(executable, ['audit', '--state', original]);
    assert.doesNotMatch(ofOriginal.stdout, /a new one/);
  });

  test('closed in as its unit says, every module still finds what only root could see', async () => {
    const executable = executableOf('production');
    const image = lab.path('image');
    mkdirSync(join(image, 'usr/lib/systemd'), { recursive: true });
    writeFileSync(join(image, 'usr/lib/systemd/systemd'), '');
    assert.equal((await lab.run(executable, ['install', '--root', image])).code, 0);
    const unit = readFileSync(join(image, `etc/systemd/system/${serviceName('production')}.service`), 'utf8');
    const [, capabilities = ''] = /^CapabilityBoundingSet=(.*)$/m.exec(unit) ?? [];
    const bounding = capabilities.split(' ').map((name) => `+${name.replace(/^CAP_/, '').toLowerCase()}`);

    // Things of another user: a file, a process with a text in its memory, a listener in another network namespace.
    const secret = join(folder, 'evidence');
    mkdirSync(secret);
    writeFileSync(join(secret, 'only-its-owner'), 'indicator', { mode: 0o600 });
    chownSync(join(secret, 'only-its-owner'), nobody, nobody);
    const intruder = lab.path('intruder.cjs');
    writeFileSync(
      intruder,
      `const text = Buffer.from(['held', 'in', 'memory'].join('-').repeat(3));
      require('node:net').createServer().listen(0, '0.0.0.0', function () { console.log('port ' + this.address().port); });
      setInterval(() => text, 1000);`,
    );
    chmodSync(lab.folder, 0o755);
    const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    const other = start('unshare', ['--net', ...asNobody, process.execPath, intruder], {});
    const port = (await other.waitForLine((line) => line.startsWith('port '))).slice('port '.length);

    const state = lab.path('closed-in');
    mkdirSync(state);
    const script = [
      `mount --bind ${state} ${state}`,
      'mount -o remount,bind,ro /',
      `exec setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all,${bounding.join(',')} ${executable} --state ${state}`,
    ];
    const agent = start('unshare', ['--mount', 'sh', '-c', script.join(' && ')], { TMPDIR: state });
    const to = { fleet: 'production', agent: (await heartbeatOf('production')).agent };
    const status = readFileSync(`/proc/${agent.child.pid}/status`, 'utf8');
    assert.match(status, /^NoNewPrivs:\s+1$/m);
    assert.match(status, /^CapBnd:\s+0{8}00(?:28|2c)0004$/m);

    const pid = other.child.pid;
    const questions = [
      {
        module: 'file',
        parameters: { searches: { s: { paths: [secret], contents: ['^indicator$'] } } },
        shows: 'only-its-owner',
      },
      { module: 'process', parameters: { searches: { s: { cmds: ['intruder\\.cjs$'] } } }, shows: `"pid":${pid}` },
      {
        module: 'memory',
        parameters: { searches: { s: { contents: ['held-in-memoryheld-in'] } } },
        shows: `"pid":${pid}`,
      },
      { module: 'netstat', parameters: { listeningport: [port], searchnamespaces: true }, shows: `"pid":${pid}` },
    ];
    for (const { module, parameters, shows } of questions) {
      const answer = await askAgent(relay, to, alice, { module, parameters });
      assert.equal(answer.success, true, `${module}: ${answer.errors.join()}`);
      assert.ok(JSON.stringify(answer.elements).includes(shows), `${module}: ${JSON.stringify(answer)}`);
    }
  });
});
