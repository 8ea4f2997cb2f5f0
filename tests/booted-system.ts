/** A running system in a folder: its systemd is the first process of a container, in the network of this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { type Finished, RunningProgram, runProgram } from '../tools/lab/child.ts';
import { eventually } from '../tools/lab/eventually.ts';

/** Where systemd does not run nobody can give the container a scope of its own. */
const placing = existsSync('/run/systemd/system') ? [] : ['--keep-unit'];

function container(root: string, ...args: readonly string[]): readonly string[] {
  const options = ['--quiet', '--register=no', ...placing, '--console=pipe'];
  // A machine may be asked about its clock, a container not.
  return [...options, '--system-call-filter=adjtimex', `--directory=${root}`, ...args];
}

/** The first process in the container; null before its start. */
function findLeader(pid: number): number | null {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8') === 'systemd\n') ?? null;
}

export class BootedSystem {
  readonly #program: RunningProgram;
  readonly #leader: number;

  private constructor(program: RunningProgram, leader: number) {
    this.#program = program;
    this.#leader = leader;
  }

  /** The reason why none can be started here; null when one can. */
  static whyNot(): string | null {
    return spawnSync('systemd-nspawn', ['--version']).status === 0 ? null : 'systemd-nspawn is not installed';
  }

  /** Runs a command in the folder while nothing else runs there, as in an image under construction. */
  static prepare(root: string, ...command: readonly string[]): Promise<Finished> {
    return runProgram('systemd-nspawn', container(root, '--', ...command));
  }

  /** @returns when everything that belongs to the start has started. */
  static async start(root: string): Promise<BootedSystem> {
    const program = new RunningProgram('the system', 'systemd-nspawn', container(root, '--boot'));
    let leader: number | null = null;
    await eventually(async () => {
      leader = program.isRunning ? findLeader(program.child.pid ?? 0) : null;
      return leader !== null;
    });
    const system = new BootedSystem(program, leader ?? 0);
    await eventually(async () => (await system.run('systemctl is-system-running')).stdout === 'running\n', 60_000);
    return system;
  }

  /** Runs a line of shell in the system. */
  run(line: string): Promise<Finished> {
    const enter = ['--target', String(this.#leader), '--all', '--', 'sh', '-c', line];
    return runProgram('nsenter', enter, { env: { PATH: process.env.PATH } });
  }

  /** Ends the system at once, like a power cut. */
  async stop(): Promise<void> {
    await this.run('systemctl poweroff --force --force');
    await this.#program.stop();
  }
}
