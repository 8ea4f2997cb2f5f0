/**
 * `npm run bench:fleet -- --agents N [--json]`: the real `mig` asks N simulated agents one question, through the built
 * `mig-server` on RabbitMQ and PostgreSQL. Also measures the cost of N idle agents.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Progress } from '../../../builder/progress.ts';
import { parseOptions } from '../../../host/options.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { buildTools } from '../../lab/build-tools.ts';
import { runMain } from '../../run-main.ts';
import { median } from '../measure.ts';
import { printHeading, printRow } from '../print.ts';
import type { RowResult } from '../row.ts';
import { peakBytesOf, residentBytesOf } from '../usage.ts';
import { Fleet } from './fleet.ts';
import { fleetName, type Platform, startPlatform, type Usage } from './platform.ts';
import { askFleet, type Round } from './round.ts';
import { askOneAgent, type SingleAnswers } from './single.ts';

const repetitions = 3;
/** An agent's default. */
const heartbeatSeconds = 60;
/** Each agent sends one heartbeat in it. */
const idleSeconds = heartbeatSeconds;
/** The AMQP heartbeat that the real agent asks for. */
const amqpHeartbeatSeconds = 30;
const mebibyte = 1024 * 1024;

function onProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** @param goal at most; null where there is none for so many agents. */
function toRow(name: string, ours: number, unit: string, goal: number | null, note: string): RowResult {
  return { name, ours, peer: null, unit, ratio: ours, goal, met: goal === null ? null : ours <= goal, note };
}

/** The quantile: `share` of the figures do not exceed it. */
function percentile(rising: readonly number[], share: number): number {
  return rising[Math.max(0, Math.ceil(rising.length * share) - 1)] ?? Number.NaN;
}

/** The goals, by size of the fleet. */
function goalsOf(agents: number) {
  return {
    firstAnswerSeconds: agents === 1000 ? 0.5 : null,
    mostAnswersSeconds: agents === 1000 ? 3 : null,
    allCommandsSeconds: agents === 10_000 ? 10 : null,
    allAnswersSeconds: agents === 10_000 ? 30 : null,
    idlePercent: agents === 10_000 ? 10 : null,
    serverMebibytes: 300,
  };
}

function singleRows({ started, inConsoleMs }: SingleAnswers): RowResult[] {
  const whole = started.map(({ printedMs }) => printedMs).sort((a, b) => a - b);
  const asked = started.map(({ askedMs, printedMs }) => printedMs - askedMs);
  return [
    toRow(
      'one-agent-console-p50',
      median(inConsoleMs),
      'ms',
      100,
      'real agent; from the line entered in mig console to the printed answer, lines a second apart',
    ),
    toRow(
      'one-agent-p50',
      percentile(whole, 0.5),
      'ms',
      100,
      'real agent; from the start of mig to the printed answer',
    ),
    toRow('one-agent-p99', percentile(whole, 0.99), 'ms', null, `of ${whole.length}`),
    toRow('one-agent-asked-p50', median(asked), 'ms', null, 'of it: sign, relay, agent, module, open, print'),
  ];
}

function roundRows(rounds: readonly Round[], agents: number): RowResult[] {
  const goals = goalsOf(agents);
  const middle = (figure: (round: Round) => number): number => median(rounds.map(figure));
  const seconds = (name: string, goal: number | null, note: string, figureMs: (round: Round) => number): RowResult =>
    toRow(name, middle(figureMs) / 1000, 's', goal, note);
  const perThousand = (name: keyof Round['usage'], note: string): RowResult =>
    toRow(`cpu-per-1000-${name}`, (middle(({ usage }) => usage[name]) / agents) * 1000, 'CPU s', null, note);
  return [
    seconds('first-command', null, 'from the start of mig', ({ firstCommandMs }) => firstCommandMs),
    seconds('all-commands', goals.allCommandsSeconds, 'the last agent has it', ({ allCommandsMs }) => allCommandsMs),
    seconds('first-answer', goals.firstAnswerSeconds, 'printed', ({ answersMs }) => percentile(answersMs, 0)),
    seconds('answers-50%', null, '', ({ answersMs }) => percentile(answersMs, 0.5)),
    seconds('answers-99%', goals.mostAnswersSeconds, '', ({ answersMs }) => percentile(answersMs, 0.99)),
    seconds('answers-100%', goals.allAnswersSeconds, '', ({ answersMs }) => percentile(answersMs, 1)),
    perThousand('server', 'mig-server'),
    perThousand('database', 'PostgreSQL'),
    perThousand('broker', 'RabbitMQ'),
    perThousand('investigator', 'mig: verify, open, print'),
    perThousand('agents', 'verify, seal, sign; would be on other machines'),
  ];
}

async function idleRows(platform: Platform, agents: number): Promise<RowResult[]> {
  onProgress(`${agents} idle agents, ${idleSeconds} s`);
  const before = platform.usage();
  const startedMs = performance.now();
  await sleep(idleSeconds * 1000);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const after = platform.usage();
  const percent = (party: keyof Usage): number => (100 * (after[party] - before[party])) / elapsedSeconds;
  const goal = goalsOf(agents).idlePercent;
  return [
    toRow('idle-server', percent('server'), '% core', goal, `a heartbeat every ${heartbeatSeconds} s for each agent`),
    toRow('idle-database', percent('database'), '% core', null, ''),
    toRow('idle-broker', percent('broker'), '% core', null, `AMQP heartbeats every ${amqpHeartbeatSeconds} s included`),
  ];
}

async function memoryRows({ broker, relay }: Platform, agents: number, brokerBytes: number): Promise<RowResult[]> {
  const queues = await broker.ctl('list_queues', 'name', 'memory', '--no-table-headers');
  const bytes = queues
    .split('\n')
    .filter((line) => line.startsWith('mig.agent.'))
    .map((line) => Number(line.split('\t')[1]));
  const perQueue = bytes.reduce((sum, one) => sum + one, 0) / bytes.length / 1024;
  const perAgent = (residentBytesOf(broker.pid()) - brokerBytes) / agents / 1024;
  const peak = peakBytesOf(relay.program.child.pid ?? 0) / mebibyte;
  return [
    toRow('server-memory-peak', peak, 'MiB', goalsOf(agents).serverMebibytes, 'VmHWM'),
    toRow('broker-per-queue', perQueue, 'KiB', null, 'as RabbitMQ says'),
    toRow('broker-per-agent', perAgent, 'KiB', null, 'resident: connection, channel, queue, binding'),
  ];
}

async function measure(agents: number, platform: Platform, print: (row: RowResult) => void): Promise<void> {
  for (const row of singleRows(await askOneAgent(platform))) print(row);
  const brokerBytes = residentBytesOf(platform.broker.pid());
  const startedMs = performance.now();
  const fleet = await Fleet.connect({
    agents,
    fleet: fleetName,
    amqpUrl: `${platform.broker.url}?heartbeat=${amqpHeartbeatSeconds}`,
    heartbeatSeconds,
    investigatorKey: readFileSync(platform.alice.publicKeyFile, 'utf8'),
  });
  try {
    while ((await platform.countAgents()) < agents + 1) await sleep(100);
    onProgress(`${agents} agents connected in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    const rounds: Round[] = [];
    for (let round = 1; round <= repetitions; round += 1) {
      rounds.push(await askFleet(agents, fleet, platform));
      onProgress(
        `question ${round} of ${repetitions}: ${((rounds.at(-1)?.answersMs.at(-1) ?? 0) / 1000).toFixed(2)} s`,
      );
    }
    for (const row of roundRows(rounds, agents)) print(row);
    for (const row of await idleRows(platform, agents)) print(row);
    for (const row of await memoryRows(platform, agents, brokerBytes)) print(row);
  } finally {
    await fleet.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseOptions({
    options: { json: { type: 'boolean' }, agents: { type: 'string', default: '1000' } },
  });
  const agents = Number(values.agents);
  if (!Number.isInteger(agents) || agents < 1)
    throw new CodedError('usage', `expected a number of agents, got ${values.agents}`);
  await buildTools(new Progress(onProgress));
  const platform = await startPlatform();
  try {
    const print =
      values.json === true ? (row: RowResult) => process.stdout.write(`${JSON.stringify(row)}\n`) : printRow;
    if (values.json !== true) printHeading();
    onProgress(`load of the machine before: ${loadavg()[0]?.toFixed(2)}`);
    await measure(agents, platform, print);
  } finally {
    await platform.close();
  }
}

await runMain(main);
