/** A RabbitMQ node of a test's own: other ports, other data, nothing shared with the one of this machine. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunningProgram } from '../../tools/lab/child.ts';

/** Where Debian and Red Hat keep the programs themselves: those in PATH are wrappers that change the user first. */
const binFolder = '/usr/lib/rabbitmq/bin';

export interface RabbitmqNode {
  readonly port: number;
  /** With these, `rabbitmqctl` speaks to this node. */
  readonly env: NodeJS.ProcessEnv;
  readonly control: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

/** One that was free a moment ago. */
async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('expected a TCP address');
  return address.port;
}

/**
 * Null, said loudly, where RabbitMQ is not installed.
 * @param configure the text of rabbitmq.conf, for this port and in this folder.
 */
export async function startRabbitmqNode(
  configure: (port: number, folder: string) => string,
): Promise<RabbitmqNode | null> {
  if (!existsSync(join(binFolder, 'rabbitmq-server'))) {
    process.stderr.write(
      `SKIPPED: tests on a RabbitMQ node of their own: none in ${binFolder}; install rabbitmq-server\n`,
    );
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mig-rabbitmq-'));
  const [port, distributionPort] = [await findFreePort(), await findFreePort()];
  writeFileSync(join(folder, 'rabbitmq.conf'), configure(port, folder));
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n');
  const env: NodeJS.ProcessEnv = {
    PATH: `${binFolder}:${process.env.PATH ?? ''}`,
    HOME: folder,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: `mig_${randomBytes(6).toString('hex')}@localhost`,
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: String(distributionPort),
  };
  const program = new RunningProgram('RabbitMQ', join(binFolder, 'rabbitmq-server'), [], env);
  const stop = async (): Promise<void> => {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await program.waitForLine((line) => line.includes('completed with'), 60_000);
  } catch (error) {
    await stop();
    throw error;
  }
  const control = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(join(binFolder, 'rabbitmqctl'), ['--quiet', ...args], { env });
    return stdout;
  };
  return { port, env, control, stop };
}
