/**
 * The platform under fire: RabbitMQ, PostgreSQL, two servers and processes of agents. All are real, and all can be killed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import * as z from 'zod';
import { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { RunningProgram } from '../../tools/lab/child.ts';
import { Lab, projectRoot } from '../../tools/lab/lab.ts';
import { type OwnServices, startOwnServices } from '../../tools/lab/own-services.ts';
import { startProxy, type TcpProxy } from '../relay/proxy.ts';
import { TestInvestigator } from '../relay/test-investigator.ts';

export const agentProcesses = 3;
export const agentsPerProcess = 5;
export const serverCount = 2;
const fleet = 'chaos';

const ServerReady = z.object({ event: z.literal('ready'), api: z.string(), ca: z.string() });

function isReady(line: string): boolean {
  return line.startsWith('{"event":"ready"');
}

/** One of the two servers. A restart keeps its name and changes its port. */
export class ServerUnderFire {
  readonly #start: () => RunningProgram;
  #program: RunningProgram | null = null;
  #api: { readonly url: string; readonly ca: string } | null = null;

  constructor(start: () => RunningProgram) {
    this.#start = start;
  }

  async start(): Promise<void> {
    this.#program = this.#start();
    const { api, ca } = ServerReady.parse(JSON.parse(await this.#program.waitForLine(isReady, 60_000)));
    this.#api = { url: api, ca: readFileSync(ca, 'utf8') };
  }

  async kill(): Promise<void> {
    this.#api = null;
    await this.#program?.stop('SIGKILL');
  }

  /** Null while it is down. */
  get api() {
    return this.#program?.isRunning === true ? this.#api : null;
  }
}

export class Platform {
  readonly lab = new Lab();
  readonly services: OwnServices;
  readonly alice: TestInvestigator;
  readonly servers: readonly ServerUnderFire[];
  /** Between the servers and their services, and between the agents and the broker. */
  readonly proxies: { readonly database: TcpProxy; readonly broker: TcpProxy; readonly agents: TcpProxy };
  readonly sql: pg.Pool;
  readonly #agents: (RunningProgram | null)[] = Array.from({ length: agentProcesses }, () => null);

  private constructor(services: OwnServices, alice: TestInvestigator, proxies: Platform['proxies']) {
    this.services = services;
    this.alice = alice;
    this.proxies = proxies;
    writeFileSync(join(this.lab.keysFolder, 'alice.asc'), alice.armoredPublicKey);
    this.servers = Array.from({ length: serverCount }, (_, index) => this.#newServer(`server-${index}`));
    this.sql = new pg.Pool({ connectionString: services.database.url, max: 1 });
    this.sql.on('error', () => {});
    writeFileSync(this.#environmentFile, JSON.stringify(this.#newEnvironment()));
  }

  static async start(): Promise<Platform> {
    const [services, alice] = await Promise.all([startOwnServices(), TestInvestigator.create('Alice')]);
    const [database, broker, agents] = await Promise.all([
      startProxy(services.database.url),
      startProxy(services.broker.url),
      startProxy(services.broker.url),
    ]);
    const platform = new Platform(services, alice, { database, broker, agents });
    try {
      for (const server of platform.servers) await server.start();
      await Promise.all(platform.#agents.map((_, index) => platform.startAgents(index)));
    } catch (error) {
      await platform.close();
      throw error;
    }
    return platform;
  }

  get #environmentFile(): string {
    return this.lab.path('environment.json');
  }

  #newEnvironment(): BakedEnvironment {
    const { armoredPublicKey: armored, fingerprint } = this.alice;
    return BakedEnvironment.parse({
      name: fleet,
      relay: { url: this.proxies.agents.url, ca: null, clientCertificate: null, proxies: [] },
      investigators: [{ name: 'alice', keys: [{ fingerprint, armored }] }],
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      tags: {},
      limits: {},
      modules: ['file'],
      needs: ['files'],
      heartbeatSeconds: 5,
    });
  }

  #newServer(name: string): ServerUnderFire {
    return new ServerUnderFire(() =>
      this.lab.start(name, process.execPath, [join(projectRoot, 'server', 'main.ts')], {
        PATH: process.env.PATH,
        MIG_DATABASE_URL: this.proxies.database.url,
        MIG_AMQP_URL: this.proxies.broker.url,
        MIG_STATE_DIR: this.lab.path(name),
        MIG_INVESTIGATORS_DIR: this.lab.keysFolder,
        MIG_LISTEN: '127.0.0.1:0',
        MIG_LOG_LEVEL: 'warn',
      }),
    );
  }

  /** State directories of the agents of one process. */
  #directoriesOf(index: number): string[] {
    return Array.from({ length: agentsPerProcess }, (_, agent) => this.lab.path('agents', `${index}-${agent}`));
  }

  get agentDirectories(): readonly string[] {
    return this.#agents.flatMap((_, index) => this.#directoriesOf(index));
  }

  async startAgents(index: number): Promise<void> {
    mkdirSync(this.lab.path('agents'), { recursive: true });
    const program = join(projectRoot, 'tests', 'chaos', 'agents-process.ts');
    const args = [program, this.#environmentFile, ...this.#directoriesOf(index)];
    const running = this.lab.start(`agents ${index}`, process.execPath, args);
    this.#agents[index] = running;
    await running.waitForLine(isReady, 60_000);
  }

  async killAgents(index: number): Promise<void> {
    await this.#agents[index]?.stop('SIGKILL');
  }

  async close(): Promise<void> {
    this.alice.close();
    await this.lab.close();
    await this.sql.end();
    for (const proxy of Object.values(this.proxies)) await proxy.close();
    await this.services.close();
  }
}
