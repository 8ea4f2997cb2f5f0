/**
 * A laboratory platform on this machine: keys, relay, agent executable and investigators in one private folder. Closing
 * removes the folder. The demo and the end-to-end tests run on it.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { BuildConfigInput } from '../../builder/config.ts';
import { findLoopback, toHostPort } from '../../host/loopback.ts';
import { makeTemporaryFolder } from '../../host/temporary-folder.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { type Finished, RunningProgram, runProgram } from './child.ts';
import { type KeyOptions, type LabInvestigator, makeInvestigator } from './investigator-key.ts';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const migCommand = join(projectRoot, 'dist', 'bin', 'mig');
const serverCommand = join(projectRoot, 'dist', 'bin', 'mig-server');

export type EnvironmentConfig = BuildConfigInput['environments'][string];

export interface LabServices {
  readonly databaseUrl?: string;
  readonly broker?: { readonly serverUrl: string; readonly agentUrl: string };
}

export interface LabOptions {
  /** Absent ones are the relay's embedded defaults. */
  readonly services?: LabServices;
  readonly onProgress?: (line: string) => void;
}

function anyPort(): string {
  return toHostPort({ host: findLoopback(), port: 0 });
}

const ReadyLine = z.object({ event: z.literal('ready'), api: z.string(), amqp: z.string().nullable(), ca: z.string() });
export type RelayAddress = z.infer<typeof ReadyLine>;

export class Lab {
  readonly folder: string;
  readonly keysFolder: string;
  readonly #options: LabOptions;
  readonly #agentPassword = randomBytes(24).toString('hex');
  readonly #programs = new Set<RunningProgram>();

  constructor(options: LabOptions = {}) {
    this.#options = options;
    this.folder = makeTemporaryFolder('mig-lab-');
    this.keysFolder = this.path('keys');
    mkdirSync(this.keysFolder);
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  makeInvestigator(name: string, options: KeyOptions = {}): Promise<LabInvestigator> {
    return makeInvestigator(name, this.folder, this.keysFolder, options);
  }

  /** Starts a program of this laboratory, which ends it on closing. */
  start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningProgram {
    const program = new RunningProgram(name, command, args, env);
    this.#programs.add(program);
    program.ended.then(() => this.#programs.delete(program));
    return program;
  }

  /**
   * @param listen ports to take again after a restart; free ones otherwise.
   * @param env more settings of the relay.
   */
  async startRelay(
    listen: { readonly api: string; readonly amqp: string } = { api: anyPort(), amqp: anyPort() },
    env: Readonly<Record<string, string>> = {},
  ) {
    const { services } = this.#options;
    const program = this.start('the relay', serverCommand, [], {
      PATH: process.env.PATH,
      HOME: this.folder,
      MIG_STATE_DIR: this.path('relay'),
      MIG_INVESTIGATORS_DIR: this.keysFolder,
      MIG_LISTEN: listen.api,
      MIG_AMQP_LISTEN: listen.amqp,
      MIG_AGENT_PASSWORD: this.#agentPassword,
      ...env,
      ...(services?.databaseUrl === undefined ? {} : { MIG_DATABASE_URL: services.databaseUrl }),
      ...(services?.broker === undefined ? {} : { MIG_AMQP_URL: services.broker.serverUrl }),
    });
    const line = await program.waitForLine((text) => text.startsWith('{') && text.includes('"event":"ready"'));
    return { program, address: ReadyLine.parse(JSON.parse(line)) };
  }

  /** For MIG_ROOT_KEYS of the relay. @returns the file. */
  writeRootKeys(fleet: string, threshold: number, ...people: readonly LabInvestigator[]): string {
    const file = this.path(`${fleet}.root-keys.json`);
    const named = Object.fromEntries(people.map(({ name, publicKeyFile }) => [name, [publicKeyFile]]));
    writeFileSync(file, JSON.stringify({ [fleet]: { threshold, people: named } }));
    return file;
  }

  /** The relay section of an environment whose agents connect to this laboratory's broker. */
  relayConfig(address: RelayAddress): EnvironmentConfig['relay'] {
    const { services } = this.#options;
    if (services?.broker !== undefined) return { url: services.broker.agentUrl };
    if (address.amqp === null) throw new CodedError('lab-relay', 'expected a relay with an embedded broker');
    const url = new URL(address.amqp);
    url.username = 'mig-agent';
    url.password = this.#agentPassword;
    return { url: url.href, ca: address.ca };
  }

  /**
   * Builds the agent of one environment as a sysadmin does.
   * @param options `testModules`: also modules that only tests may have; `packages`: also what base images install from;
   * `target`: instead of this machine.
   * @returns the path of the executable.
   */
  async buildAgent(
    name: string,
    environment: EnvironmentConfig,
    options: { readonly testModules?: boolean; readonly packages?: boolean; readonly target?: string } = {},
  ): Promise<string> {
    const config: BuildConfigInput = { environments: { [name]: environment } };
    const file = this.path(`${name}.config.mjs`);
    writeFileSync(file, `export default ${JSON.stringify(config, null, 2)};\n`);
    const onStderr = this.#options.onProgress;
    const output = this.path('dist', name);
    const command = [
      join(projectRoot, 'builder', 'main.ts'),
      'agent',
      '--env',
      name,
      '--config',
      file,
      '--out',
      output,
    ];
    const { code, stderr } = await runProgram(
      process.execPath,
      [
        ...command,
        ...(options.testModules === true ? ['--test-modules'] : []),
        ...(options.packages === true ? ['--packages'] : []),
        ...(options.target === undefined ? [] : ['--target', options.target]),
      ],
      onStderr === undefined ? {} : { onStderr },
    );
    if (code !== 0) throw new CodedError('lab-build', `the agent could not be built:\n${stderr}`);
    const Manifest = z.object({ files: z.array(z.object({ file: z.string() })).min(1) });
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')));
    return join(output, manifest.files[0]?.file ?? '');
  }

  /** Starts an agent and waits until it has reached the relay. */
  async startAgent(executable: string, state = 'agent', env: NodeJS.ProcessEnv = {}): Promise<RunningProgram> {
    const program = this.start('the agent', executable, ['--state', this.path(state)], {
      PATH: process.env.PATH,
      ...env,
    });
    await program.waitForLine((line) => line.includes('connected to the relay'));
    return program;
  }

  /** Runs a program to its end, with only a PATH in its environment. */
  run(command: string, args: readonly string[], input = ''): Promise<Finished> {
    return runProgram(command, args, { env: { PATH: process.env.PATH }, input });
  }

  /** The environment variables with which `mig` asks this laboratory's relay as one investigator. */
  migEnvironment(address: RelayAddress, fleet: string, investigator: LabInvestigator): Record<string, string> {
    return {
      MIG_SERVER: address.api,
      MIG_CA: address.ca,
      MIG_FLEET: fleet,
      MIG_KEY: investigator.secretKeyFile,
      XDG_CONFIG_HOME: this.path('config'),
      XDG_STATE_HOME: this.path('state'),
    };
  }

  mig(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> {
    return runProgram(migCommand, args, { env: { PATH: process.env.PATH, HOME: this.folder, ...env } });
  }

  /** Waits until the relay counts that many agents for a target. */
  async waitForAgents(count: number, env: Readonly<Record<string, string>>, target = 'online'): Promise<void> {
    const Agents = z.object({ agents: z.array(z.unknown()) });
    const deadline = Date.now() + 30_000;
    for (;;) {
      const { code, stdout, stderr } = await this.mig(['agents', '-t', target, '-f', 'json'], env);
      if (code === 0 && Agents.parse(JSON.parse(stdout)).agents.length >= count) return;
      if (Date.now() > deadline)
        throw new CodedError('lab-agents', `expected ${count} agents for ${target}: ${stdout}${stderr}`);
    }
  }

  /** Ends every program and removes the folder. */
  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
