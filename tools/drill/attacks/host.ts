/** Attacks on an endpoint: its clock, its state, its executable and its environment. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finished } from '../../lab/child.ts';
import { runProgram } from '../../lab/child.ts';
import { fakeClock } from '../../lab/fake-clock.ts';
import { type Attack, must, type Noticed, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim } from '../victim.ts';

const yearSeconds = 365 * 24 * 3600;

function shiftClock({ lab }: Stage, seconds: number): Promise<Record<string, string>> {
  return fakeClock(lab.path('fake-clock.so'), seconds);
}

function clockSet(name: string, tried: string, seconds: number, code: 'expired' | 'not-yet-valid'): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      const victim = await startVictim(stage);
      await victim.program.stop();
      await victim.restart(await shiftClock(stage, seconds));
      const { action } = await stage.compose();
      const envelope = await stage.envelope(action, stage.people.alice);
      const report = await stage.send(action, envelope, victim.id);
      must(report.kind === 'refusal' && report.code === code, JSON.stringify(report));
      const { code: exitCode, stderr } = await stage.mig(stage.question(victim.id));
      await victim.program.stop();
      must(exitCode === 3, `exit code ${exitCode}: ${stderr}`);
      return noticedIn('investigator', stderr, new RegExp(`refused: ${code} .*`));
    },
  };
}

const clocks: readonly Attack[] = [
  // Signed a year from now, as far as the agent can tell.
  clockSet('clock set back a year', 'the clock of an endpoint', -yearSeconds, 'not-yet-valid'),
  clockSet('clock set forward a year', 'the clock of an endpoint', yearSeconds, 'expired'),
  {
    name: 'clock set forward and back to replay',
    tried: 'a year ahead so that the ledger forgets, then back and the action again',
    run: async (stage) => {
      const victim = await startVictim(stage);
      const { action } = await stage.compose();
      const envelope = await stage.envelope(action, stage.people.alice);
      const first = await stage.send(action, envelope, victim.id);
      must(first.kind === 'result', JSON.stringify(first));
      await victim.program.stop();
      await victim.restart(await shiftClock(stage, yearSeconds));
      await victim.program.stop();
      await victim.restart();
      const again = await stage.send(action, envelope, victim.id);
      await victim.program.stop();
      must(again.kind === 'refusal' && again.code === 'expired', JSON.stringify(again));
      return { by: 'agent', how: 'refused: expired, since its clock has been later than now' };
    },
  },
];

const states: readonly Attack[] = [
  {
    name: 'state folder wiped',
    tried: 'key, ledger and log of an endpoint are deleted',
    run: async (stage) => {
      const victim = await startVictim(stage);
      const state = 'witness-wiped';
      await stage.migThrough({}, stage.question(victim.id), state);
      await victim.program.stop();
      rmSync(victim.folder, { recursive: true });
      const id = await victim.restart();
      must(id !== victim.id, 'it came back as the same agent');
      await stage.waitUntilListed(id);
      const { stderr } = await stage.migThrough({}, stage.question(id), state);
      await victim.program.stop();
      return noticedIn('investigator', stderr, /\S+ answers with a new id: [0-9a-f]+, before [0-9a-f]+/);
    },
  },
  {
    name: 'state folder rolled back',
    tried: 'an earlier snapshot of the state comes back, and the action since then is played again',
    run: async (stage) => {
      const victim = await startVictim(stage);
      const state = 'witness-rolled-back';
      const snapshot = `${victim.folder}.snapshot`;
      cpSync(victim.folder, snapshot, { recursive: true });
      const { action } = await stage.compose();
      const envelope = await stage.envelope(action, stage.people.alice);
      const first = await stage.send(action, envelope, victim.id);
      must(first.kind === 'result', JSON.stringify(first));
      await stage.nextHeartbeat(victim.id);
      const before = await stage.migThrough({}, ['witness'], state);
      must(before.code === 0, `an honest relay is suspected: ${before.stdout}${before.stderr}`);
      await victim.program.stop();
      rmSync(victim.folder, { recursive: true });
      cpSync(snapshot, victim.folder, { recursive: true });
      await victim.restart();
      await stage.nextHeartbeat(victim.id);
      const { stdout } = await stage.migThrough({}, ['witness'], state);
      await victim.program.stop();
      return noticedIn('investigator', stdout, /(log-cut|log-forked|old-heartbeat) .*/);
    },
  },
  {
    name: 'audit log cut off',
    tried: 'the last entries are taken from the log of an endpoint, whose chain still holds',
    run: async (stage) => {
      const victim = await startVictim(stage);
      await stage.mig(stage.question(victim.id));
      await stage.nextHeartbeat(victim.id);
      const state = 'witness-log-cut';
      const before = await stage.migThrough({}, ['witness'], state);
      must(before.code === 0, `an honest relay is suspected: ${before.stdout}${before.stderr}`);
      await victim.program.stop();
      const log = join(victim.folder, victim.id.slice(0, 16), 'audit.jsonl');
      const [first = ''] = readFileSync(log, 'utf8').split('\n');
      truncateSync(log, Buffer.byteLength(first) + 1);
      await victim.restart();
      await stage.nextHeartbeat(victim.id);
      const { stdout } = await stage.migThrough({}, ['witness'], state);
      await victim.program.stop();
      return noticedIn('investigator', stdout, /log-(cut|forked) .*/);
    },
  },
  {
    name: 'state folder copied to another machine',
    tried: "an agent's key on a machine with another machine id",
    run: async (stage) => {
      const victim = await startVictim(stage);
      await victim.program.stop();
      // The key was made for another machine: this is the same as the key on another machine.
      const file = join(victim.folder, 'identity.json');
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), machine: 'f'.repeat(64) }));
      const id = await victim.restart();
      await victim.program.stop();
      must(id !== victim.id, 'it spoke with the key of the other machine');
      return { by: 'agent', how: 'the key is of another machine: it made one of its own' };
    },
  },
  {
    name: 'world-writable state folder',
    tried: 'a state folder that everybody can write into',
    run: async (stage) => {
      const folder = stage.lab.path('world-writable');
      mkdirSync(folder);
      chmodSync(folder, 0o777);
      const { code, stderr } = await stage.lab.run(stage.executable, ['--state', folder]);
      must(code === 2, `exit code ${code}`);
      return noticedIn('owner', stderr, /expected a state folder of our own.*: others can write into it/);
    },
  },
];

/** As `nobody`, when the drill runs as root. */
function runAsNobody(
  stage: Stage,
  executable: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly status: number | null; readonly output: string } {
  chmodSync(stage.lab.folder, 0o711);
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { status, stdout, stderr } = spawnSync(executable, args, {
    ...nobody,
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, output: `${stdout}${stderr}` };
}

function isReadableByOthers(path: string): boolean {
  return (statSync(path).mode & 0o077) !== 0;
}

const surroundings: readonly Attack[] = [
  {
    name: 'executable replaced',
    tried: 'a byte more at the end of the executable',
    run: async (stage) => {
      const replaced = stage.lab.path('replaced-agent');
      copyFileSync(stage.executable, replaced);
      appendFileSync(replaced, '\0');
      const manifest = join(dirname(stage.executable), 'manifest.json');
      const honest = await stage.lab.run(stage.executable, ['verify', manifest]);
      must(honest.code === 0, `the honest one differs: ${honest.stdout}`);
      const { code, stdout } = await stage.lab.run(replaced, ['verify', manifest]);
      rmSync(replaced);
      must(code === 1, `exit code ${code}: ${stdout}`);
      return noticedIn('owner', stdout, /executable +DIFFERS/);
    },
  },
  {
    name: 'NODE_OPTIONS and other variables of Node',
    tried: 'code that Node would load before the agent',
    run: async (stage) => {
      const loaded = stage.lab.path('loaded');
      const evil = stage.lab.path('evil.cjs');
      writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(loaded)}, '');`);
      const env = {
        PATH: process.env.PATH,
        NODE_OPTIONS: `--require ${evil}`,
        NODE_PATH: stage.lab.folder,
        NODE_EXTRA_CA_CERTS: evil,
      };
      const { code } = await runProgram(stage.executable, ['--version'], { env });
      must(code === 0 && !existsSync(loaded), 'the code was loaded');
      return { by: 'agent', how: 'not heeded: the code was not loaded' };
    },
  },
  {
    name: '--inspect',
    tried: 'a debugger on the agent, by flag and by signal',
    run: async (stage) => {
      const byFlag: Finished = await stage.lab.run(stage.executable, ['--inspect=127.0.0.1:0', '--version']);
      must(!byFlag.stderr.includes('Debugger listening'), byFlag.stderr);
      const lines = stage.agent.lines.length;
      stage.agent.child.kill('SIGUSR1');
      await stage.nextHeartbeat(stage.secondId);
      must(!stage.agent.lines.slice(lines).some((line) => line.includes('Debugger listening')), 'a debugger listens');
      if (!stage.agent.isRunning) stage.agent = await stage.lab.startAgent(stage.executable, 'agent');
      return { by: 'agent', how: `no debugger; the flag is refused with exit code ${byFlag.code}` };
    },
  },
  {
    name: 'LD_PRELOAD by an unprivileged user',
    tried: "another user's library in a process of a copy of the agent's executable, pointed at the agent's state",
    run: async (stage): Promise<Noticed> => {
      const env = { ...(await shiftClock(stage, 0)), PATH: process.env.PATH, HOME: '/nonexistent' };
      const state = stage.lab.path('agent');
      must(!isReadableByOthers(stage.executable), 'the executable is readable by others');
      const copy = stage.lab.path('taken-agent');
      copyFileSync(stage.executable, copy);
      chmodSync(copy, 0o755);
      const started = runAsNobody(stage, copy, ['--state', state], env);
      must(started.status === 2, `started: ${started.output}`);
      const read = runAsNobody(stage, copy, ['audit', '--state', state, '--json'], env);
      rmSync(copy);
      must(read.status !== 0 && !read.output.includes('"sequence"'), `read the audit log: ${read.output}`);
      return {
        by: 'agent',
        how: "executable and state are their owner's alone: the other user's process has no key, no log, and cannot start",
      };
    },
  },
];

export const hostAttacks: readonly Attack[] = [...clocks, ...states, ...surroundings];
