/** Attacks on the memory of a relay with an embedded broker, with the agents' account. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { maximumAgentMessageBytes } from '../../../protocol/base/limits.ts';
import { reportsExchange } from '../../../protocol/topology.ts';
import { encodeFrameOfClient, encodeMethodOfClient } from '../../../server/testing/client-frames.ts';
import { Lab } from '../../lab/lab.ts';
import { RawClient } from '../../lab/raw-client.ts';
import { SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type Attack, must, type Noticed } from '../attack.ts';

const mebibyte = 1024 * 1024;
/** Above the memory of an idle relay. */
const allowedMiB = maximumAgentMessageBytes / mebibyte + 64;

interface RelayUnderAttack {
  readonly connect: () => Promise<RawClient>;
  /** An agent whose answer must be taken. */
  readonly assertHonest: () => Promise<void>;
}

/** VmHWM of proc(5): peak of a process's resident memory. */
function readPeakMiB(pid: number | undefined): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** @throws Unnoticed when the relay's memory grew by more than one message may cost. */
async function onRelay(attack: (target: RelayUnderAttack) => Promise<string>): Promise<Noticed> {
  const lab = new Lab();
  const clients: RawClient[] = [];
  try {
    await lab.makeInvestigator('alice');
    const { program, address } = await lab.startRelay();
    const { url, ca: caFile = '' } = lab.relayConfig(address);
    const ca = readFileSync(caFile, 'utf8');
    const before = readPeakMiB(program.child.pid);
    const how = await attack({
      connect: async () => {
        const client = await RawClient.connect(url, ca);
        clients.push(client);
        return client;
      },
      assertHonest: async () => {
        const agent = new SimulatedAgent();
        await agent.connect(url, { ca });
        await agent.sendHeartbeat().catch(() => must(false, "an honest agent's heartbeat is not taken"));
        await agent.close();
      },
    });
    const grownMiB = Math.round(readPeakMiB(program.child.pid) - before);
    must(grownMiB <= allowedMiB, `the relay grew by ${grownMiB} MiB, to ${Math.round(before) + grownMiB}; ${how}`);
    return { by: 'broker', how: `${how}; the relay grew by ${grownMiB} MiB at most` };
  } finally {
    for (const client of clients) client.close();
    await lab.close();
  }
}

const newKey = (): string => randomBytes(32).toString('hex');

/** All of a large message but its last byte. @returns bytes that were sent before the broker had enough. */
async function beginAndStop(client: RawClient, channel: number, key: string, sizeBytes: number): Promise<number> {
  const piece = Buffer.alloc(4088);
  if (!(await client.openChannel(channel))) return 0;
  if (!(await client.beginMessage(channel, reportsExchange, key, sizeBytes))) return 0;
  let sent = 0;
  while (sent + piece.length < sizeBytes && (await client.sendBody(channel, piece))) sent += piece.length;
  return sent;
}

export const brokerMemoryAttacks: readonly Attack[] = [
  {
    name: 'twenty large messages begun on one connection',
    tried: `${maximumAgentMessageBytes / mebibyte} MiB on each of 20 channels, all but the last byte`,
    only: 'embedded',
    run: () =>
      onRelay(async ({ connect, assertHonest }) => {
        const client = await connect();
        const key = newKey();
        let sent = 0;
        for (let channel = 1; channel <= 20; channel += 1)
          sent += await beginAndStop(client, channel, key, maximumAgentMessageBytes);
        await assertHonest();
        return `${Math.round(sent / mebibyte)} MiB were sent${client.isClosed ? ', then the connection was cut' : ''}`;
      }),
  },
  {
    name: 'large messages begun on many connections',
    tried: `${maximumAgentMessageBytes / mebibyte} MiB on each of 12 connections, all but the last byte`,
    only: 'embedded',
    run: () =>
      onRelay(async ({ connect, assertHonest }) => {
        let sent = 0;
        for (let count = 0; count < 12; count += 1)
          sent += await beginAndStop(await connect(), 1, newKey(), maximumAgentMessageBytes);
        await assertHonest();
        return `${Math.round(sent / mebibyte)} MiB were sent`;
      }),
  },
  {
    name: 'message in crumbs',
    tried: 'a message of the largest size, one byte of it in each 16 KiB of the stream, the rest heartbeats',
    only: 'embedded',
    run: () =>
      onRelay(async ({ connect, assertHonest }) => {
        const client = await connect();
        const heartbeat = encodeFrameOfClient(8, 0, Buffer.alloc(0));
        const crumb = encodeFrameOfClient(3, 1, Buffer.alloc(1));
        const piece = Buffer.concat([crumb, ...new Array<Buffer>(2000).fill(heartbeat)]);
        await client.openChannel(1);
        await client.beginMessage(1, reportsExchange, newKey(), maximumAgentMessageBytes);
        let crumbs = 0;
        while (crumbs < 25_000 && (await client.write(piece))) crumbs += 1;
        await assertHonest();
        return `${crumbs} crumbs were taken`;
      }),
  },
  {
    name: 'client that asks and never reads',
    tried: 'requests without end, whose answers pile up at the broker',
    only: 'embedded',
    run: () =>
      onRelay(async ({ connect, assertHonest }) => {
        const client = await connect();
        await client.openChannel(1);
        await client.answered(20, 11);
        client.socket.pause();
        const request = encodeMethodOfClient(1, 60, 10, Buffer.from([0, 0, 0, 0, 0, 1, 0]));
        const piece = Buffer.concat(new Array<Buffer>(3000).fill(request));
        let pieces = 0;
        while (pieces < 2000 && (await client.write(piece, 3000))) pieces += 1;
        await assertHonest();
        must(pieces < 2000, 'the broker went on reading');
        return `it stopped reading after ${pieces * 3000} requests`;
      }),
  },
];
