/**
 * A RabbitMQ node and a PostgreSQL cluster of our own, on free ports with their data in a private folder. Tests can restart
 * them, fill them and open many connections without disturbing the machine's own services.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { RunningProgram, runProgram } from './child.ts';

type OwnServiceCode = 'own-service-failed';

interface OwnService {
  readonly url: string;
  /** Process id of the service, for measurements. */
  readonly pid: () => number;
  /** Ends it at once, as a crash of the program would. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same data and port, and resolves when it answers. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface OwnBroker extends OwnService {
  readonly port: number;
  /** With these variables every RabbitMQ program uses this node. */
  readonly env: NodeJS.ProcessEnv;
  /** @returns what `rabbitmqctl` prints about this node. */
  readonly ctl: (...args: readonly string[]) => Promise<string>;
}

const readyTimeoutMs = 60_000;
const askAgainMs = 100;

function findProgram(name: string, patterns: readonly string[]): string | null {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const all = [...patterns.flatMap((pattern) => globSync(pattern)).sort(), ...onPath];
  return all.find((file) => existsSync(file)) ?? null;
}

/** Debian's wrapper on the PATH would change the user; the program itself does not. */
function findRabbit(name: string): string | null {
  return findProgram(name, [`/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/${name}`]);
}

function findPostgres(name: string): string | null {
  return findProgram(name, [`/usr/lib/postgresql/*/bin/${name}`]);
}

/** Which of the programs that own services need are not installed here. */
export function findMissingPrograms(): readonly string[] {
  const programs = [
    ['rabbitmq-server', findRabbit],
    ['rabbitmqctl', findRabbit],
    ['initdb', findPostgres],
    ['postgres', findPostgres],
  ] as const;
  return programs.filter(([name, find]) => find(name) === null).map(([name]) => name);
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

type Ask = (program: RunningProgram) => Promise<void>;

async function untilReady(program: RunningProgram, name: string, ask: Ask): Promise<void> {
  const deadlineMs = Date.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await ask(program);
    } catch (error) {
      if (!program.isRunning || Date.now() > deadlineMs)
        throw new CodedError<OwnServiceCode>(
          'own-service-failed',
          `${name} did not answer (${toMessage(error)}):\n${program.lines.slice(-20).join('\n')}`,
        );
    }
    await sleep(askAgainMs);
  }
}

/** Keeps one process of a service, and restarts it. */
class RestartableProcess {
  readonly #launch: () => RunningProgram;
  readonly #name: string;
  readonly #ask: Ask;
  #program: RunningProgram | null = null;

  constructor(name: string, launch: () => RunningProgram, ask: Ask) {
    this.#name = name;
    this.#launch = launch;
    this.#ask = ask;
  }

  readonly start = async (): Promise<void> => {
    const program = this.#launch();
    this.#program = program;
    try {
      await untilReady(program, this.#name, this.#ask);
    } catch (error) {
      await program.stop('SIGKILL');
      throw error;
    }
  };

  readonly pid = (): number => this.#program?.child.pid ?? 0;

  readonly end = async (signal: NodeJS.Signals): Promise<void> => {
    await this.#program?.stop(signal);
  };
}

/** PostgreSQL does not run as root; the user that Debian made for it does. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const ask = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}

async function startOwnPostgres(folder: string): Promise<OwnService> {
  const data = join(folder, 'postgres');
  const user = unprivileged();
  mkdirSync(data, { mode: 0o700 });
  if (user !== null) chownSync(data, user.uid, user.gid);
  const made = spawnSync(findPostgres('initdb') ?? 'initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-N'], {
    ...user,
    cwd: data,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new CodedError<OwnServiceCode>('own-service-failed', `initdb failed:\n${made.stderr}`);
  const port = await findFreePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${data}`];
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const kept = new RestartableProcess(
    'PostgreSQL',
    () => new RunningProgram('PostgreSQL', findPostgres('postgres') ?? 'postgres', args, process.env, user ?? {}),
    async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    },
  );
  await kept.start();
  return {
    url,
    pid: kept.pid,
    // "Immediate": without a checkpoint, so that the next start recovers from the log.
    crash: () => kept.end('SIGQUIT'),
    start: kept.start,
    stop: () => kept.end('SIGINT'),
  };
}

function configureRabbit(port: number): string {
  return `listeners.tcp.1 = 127.0.0.1:${port}\nlog.console.level = warning\n`;
}

/**
 * A RabbitMQ node alone.
 * @param configure the text of rabbitmq.conf.
 * @throws CodedError own-service-failed
 */
export async function startOwnRabbit(folder: string, configure = configureRabbit): Promise<OwnBroker> {
  const home = join(folder, 'rabbit');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const [port, distributionPort] = [await findFreePort(), await findFreePort()];
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };
  const env = {
    PATH: [dirname(findRabbit('rabbitmqctl') ?? ''), process.env.PATH].join(delimiter),
    HOME: home,
    RABBITMQ_NODENAME: `mig-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_BASE: home,
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', configure(port)),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    // Runs the emulator in place of the script, so that a signal reaches it.
    RABBITMQ_ALLOW_INPUT: '1',
  };
  const url = `amqp://guest:guest@127.0.0.1:${port}/`;
  const kept = new RestartableProcess(
    'RabbitMQ',
    () => new RunningProgram('RabbitMQ', findRabbit('rabbitmq-server') ?? 'rabbitmq-server', ['-noinput'], env),
    async (program) => {
      await program.waitForLine((line) => line.includes('completed with'), readyTimeoutMs);
    },
  );
  await kept.start();
  return {
    url,
    port,
    env,
    pid: kept.pid,
    crash: () => kept.end('SIGKILL'),
    start: kept.start,
    stop: () => kept.end('SIGTERM'),
    ctl: async (...args) => {
      const { code, stdout, stderr } = await runProgram(findRabbit('rabbitmqctl') ?? 'rabbitmqctl', ['-q', ...args], {
        env,
      });
      if (code !== 0) throw new CodedError<OwnServiceCode>('own-service-failed', `rabbitmqctl ${args[0]}: ${stderr}`);
      return stdout;
    },
  };
}

export interface OwnServices {
  readonly database: OwnService;
  readonly broker: OwnBroker;
  /** Ends both and removes their data. */
  readonly close: () => Promise<void>;
}

/** @throws CodedError own-service-failed */
export async function startOwnServices(): Promise<OwnServices> {
  const missing = findMissingPrograms();
  if (missing.length > 0)
    throw new CodedError<OwnServiceCode>('own-service-failed', `expected programs that are not here: ${missing}`, {
      hint: 'apt-get install rabbitmq-server postgresql',
    });
  const folder = mkdtempSync(join(tmpdir(), 'mig-services-'));
  // The database's user has to pass through.
  chmodSync(folder, 0o711);
  const started = await Promise.allSettled([startOwnPostgres(folder), startOwnRabbit(folder)]);
  const close = async (): Promise<void> => {
    for (const service of started) if (service.status === 'fulfilled') await service.value.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const [database, broker] = started;
  if (database.status === 'fulfilled' && broker.status === 'fulfilled')
    return { database: database.value, broker: broker.value, close };
  await close();
  throw database.status === 'rejected' ? database.reason : broker.status === 'rejected' ? broker.reason : undefined;
}
