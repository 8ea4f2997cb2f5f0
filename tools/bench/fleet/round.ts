/** One question to the whole fleet, by the investigator's real `mig` from its start to its last printed answer. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { migCommand } from '../../lab/lab.ts';
import { cpuSecondsOf } from '../usage.ts';
import type { Fleet } from './fleet.ts';
import { preciseNowMs } from './messages.ts';
import type { Platform, Usage } from './platform.ts';

/** All times in milliseconds since `mig` was started. */
export interface Round {
  readonly firstCommandMs: number;
  /** The last agent has its command. */
  readonly allCommandsMs: number;
  /** When each answer was printed, rising. */
  readonly answersMs: readonly number[];
  /** CPU seconds that the round cost. */
  readonly usage: Usage & { readonly agents: number; readonly investigator: number };
}

const Line = z.object({ kind: z.enum(['action', 'result', 'end']) });

/** Times in ms since the epoch. */
async function ask(args: readonly string[], platform: Platform) {
  const startedMs = preciseNowMs();
  const child = spawn(migCommand, args, {
    env: { PATH: process.env.PATH, HOME: platform.lab.folder, ...platform.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const answersMs: number[] = [];
  let investigator = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const { kind } = Line.parse(JSON.parse(line));
    if (kind === 'result') answersMs.push(preciseNowMs());
    else investigator = cpuSecondsOf([child.pid ?? 0]);
  }
  return { startedMs, answersMs, investigator, complaint };
}

/** @throws CodedError unless every agent got its command and answered it once. */
export async function askFleet(agents: number, fleet: Fleet, platform: Platform): Promise<Round> {
  const usage = () => ({ ...platform.usage(), agents: cpuSecondsOf(fleet.pids) });
  await fleet.received();
  const before = usage();
  const question = ['file', '-t', "name LIKE 'host-%'", '-path', '/usr/bin', '-name', '^wget$', '-e', '10m'];
  const { startedMs, answersMs, investigator, complaint } = await ask([...question, '-f', 'ndjson', '-y'], platform);
  const after = usage();
  const received = await fleet.received();
  if (answersMs.length !== agents || received.commands !== agents || received.refused > 0)
    throw new CodedError(
      'bench-answers',
      `expected ${agents} commands and answers, got ${received.commands}, ${received.refused} of them refused, and ${answersMs.length}:\n${complaint}`,
    );
  const since = (timeMs: number | null): number => (timeMs ?? Number.NaN) - startedMs;
  return {
    firstCommandMs: since(received.firstMs),
    allCommandsMs: since(received.lastMs),
    answersMs: answersMs.map(since),
    usage: {
      server: after.server - before.server,
      database: after.database - before.database,
      broker: after.broker - before.broker,
      agents: after.agents - before.agents,
      investigator,
    },
  };
}
