/** Faults of a relay in service. When a fault resolves, it is over, and everything that it ended runs again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { agentProcesses, type Platform, serverCount } from './platform.ts';

export interface Fault {
  readonly name: string;
  /** The fault comes at a random moment, while actions are submitted or while agents work on them. */
  readonly during: 'submission' | 'work';
  readonly strike: (platform: Platform) => Promise<void>;
}

const outageMs = 1500;

function pick(count: number): number {
  return Math.floor(Math.random() * count);
}

async function killServer({ servers }: Platform): Promise<void> {
  const victim = servers[pick(serverCount)];
  await victim?.kill();
  await victim?.start();
}

async function crashAgents(platform: Platform): Promise<void> {
  const index = pick(agentProcesses);
  await platform.killAgents(index);
  await platform.startAgents(index);
}

function cut(where: keyof Platform['proxies']): Fault['strike'] {
  return async ({ proxies }) => {
    proxies[where].cut();
    await sleep(outageMs);
    proxies[where].restore();
  };
}

/** Nothing goes through. Then traffic goes on as before, or the connections turn out to be dead. */
function stall(where: keyof Platform['proxies'], end: 'resumed' | 'dead'): Fault['strike'] {
  return async ({ proxies }) => {
    proxies[where].stall();
    await sleep(outageMs);
    if (end === 'dead') proxies[where].cut();
    proxies[where].restore();
  };
}

/** One fault of each sort, for every test run. */
export const commonFaults: readonly Fault[] = [
  { name: 'a server killed while commands are sent', during: 'submission', strike: killServer },
  { name: 'a server killed while results come in', during: 'work', strike: killServer },
  {
    name: 'RabbitMQ stopped and started',
    during: 'work',
    strike: async ({ services: { broker } }) => {
      await broker.ctl('stop_app');
      await broker.ctl('start_app');
    },
  },
  {
    name: 'PostgreSQL restarted at once',
    during: 'work',
    strike: async ({ services: { database } }) => {
      await database.crash();
      await database.start();
    },
  },
  { name: 'agents killed while modules run', during: 'work', strike: crashAgents },
  { name: 'servers cut off from RabbitMQ', during: 'work', strike: cut('broker') },
  { name: 'PostgreSQL stalled', during: 'work', strike: stall('database', 'resumed') },
  { name: 'agents stalled and lost', during: 'work', strike: stall('agents', 'dead') },
];

export const faults: readonly Fault[] = [
  ...commonFaults,
  {
    name: 'RabbitMQ killed',
    during: 'work',
    strike: async ({ services: { broker } }) => {
      await broker.crash();
      await broker.start();
    },
  },
  {
    name: 'all killed at once',
    during: 'work',
    strike: async (platform) => {
      const { services, servers } = platform;
      const parts = [services.broker.crash(), services.database.crash(), ...servers.map((server) => server.kill())];
      await Promise.all([...parts, platform.killAgents(0)]);
      await Promise.all([services.broker.start(), services.database.start()]);
      await Promise.all([...servers.map((server) => server.start()), platform.startAgents(0)]);
    },
  },
  { name: 'servers cut off from PostgreSQL', during: 'work', strike: cut('database') },
  { name: 'agents cut off', during: 'work', strike: cut('agents') },
  { name: 'RabbitMQ stalled', during: 'work', strike: stall('broker', 'resumed') },
  { name: 'RabbitMQ stalled and lost', during: 'work', strike: stall('broker', 'dead') },
  { name: 'PostgreSQL stalled and lost', during: 'work', strike: stall('database', 'dead') },
];
