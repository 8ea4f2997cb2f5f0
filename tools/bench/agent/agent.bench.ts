/** Measures what the packaged agent costs its host: disk, start, idle time. It has a relay of its own. */
import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { moduleNames } from '../../../modules/registry.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { buildTools } from '../../lab/build-tools.ts';
import type { RunningProgram } from '../../lab/child.ts';
import { toPerson } from '../../lab/investigator-key.ts';
import { Lab } from '../../lab/lab.ts';
import { median } from '../measure.ts';
import type { RowResult } from '../row.ts';
import { anonymousBytesOf, exactCpuSecondsOf, openFilesOf, proportionalBytesOf, residentBytesOf } from '../usage.ts';

const fleet = 'bench';
const starts = 7;
/** An idle agent is measured after this time, and then for the same time again. */
const idleSeconds = 60;
const megabyte = 1e6;
const mebibyte = 1024 * 1024;

/** @param goal at most; null where there is none. */
function toRow(name: string, ours: number, unit: string, goal: number | null, note: string): RowResult {
  return { name, ours, peer: null, unit, ratio: ours, goal, met: goal === null ? null : ours <= goal, note };
}

/** gzip's default. */
async function compressedBytes(path: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of createReadStream(path).pipe(createGzip({ level: 6 })) as AsyncIterable<Buffer>)
    bytes += chunk.length;
  return bytes;
}

async function* sizeRows(executable: string): AsyncGenerator<RowResult> {
  yield toRow('agent-size', statSync(executable).size / megabyte, 'MB', 110, '');
  yield toRow('agent-size-gzip', (await compressedBytes(executable)) / megabyte, 'MB', 70, 'gzip -6');
}

function pidOf(agent: RunningProgram): number {
  const { pid } = agent.child;
  if (pid === undefined) throw new CodedError('bench-agent', 'expected the agent to run');
  return pid;
}

async function* startRows(lab: Lab, executable: string): AsyncGenerator<RowResult> {
  const wallSeconds: number[] = [];
  const cpuSeconds: number[] = [];
  // The first start makes the agent's key and warms up the caches.
  for (let round = 0; round <= starts; round += 1) {
    const startedMs = performance.now();
    const agent = await lab.startAgent(executable);
    const wallMs = performance.now() - startedMs;
    if (round > 0) {
      wallSeconds.push(wallMs / 1000);
      cpuSeconds.push(exactCpuSecondsOf(pidOf(agent)));
    }
    await agent.stop('SIGKILL');
  }
  const load = `until connected; load average ${loadavg()[0]?.toFixed(1)}`;
  yield toRow(
    'agent-start',
    median(wallSeconds),
    'wall s',
    0.4,
    `${load}, shortest ${Math.min(...wallSeconds).toFixed(3)}`,
  );
  yield toRow('agent-start-cpu', median(cpuSeconds), 'CPU s', null, 'the part of it that does not depend on the load');
}

function memoryRows(name: string, pid: number, goalMiB: number | null, note: string): RowResult[] {
  return [
    toRow(`${name}-rss`, residentBytesOf(pid) / mebibyte, 'MiB', goalMiB, note),
    toRow(`${name}-rss-anon`, anonymousBytesOf(pid) / mebibyte, 'MiB', null, 'of it not mapped from files'),
    toRow(`${name}-pss`, proportionalBytesOf(pid) / mebibyte, 'MiB', null, 'shared pages divided among their users'),
  ];
}

async function* idleRows(pid: number): AsyncGenerator<RowResult> {
  await sleep(idleSeconds * 1000);
  yield* memoryRows('agent-idle', pid, 60, `after ${idleSeconds} s idle`);
  yield toRow('agent-open-files', openFilesOf(pid), 'files', null, '');
  const startedMs = performance.now();
  const before = exactCpuSecondsOf(pid);
  await sleep(idleSeconds * 1000);
  const share = (exactCpuSecondsOf(pid) - before) / ((performance.now() - startedMs) / 1000);
  yield toRow('agent-idle-cpu', share * 100, '%', 0.1, 'of one core, a heartbeat included');
  yield toRow('agent-idle-cpu-hour', share * 3600, 'CPU s', null, `an hour, extrapolated from ${idleSeconds} s`);
}

export async function* rows(): AsyncGenerator<RowResult> {
  await buildTools();
  const lab = new Lab();
  try {
    const alice = await lab.makeInvestigator('alice');
    const { address } = await lab.startRelay();
    const executable = await lab.buildAgent(fleet, {
      relay: lab.relayConfig(address),
      investigators: { alice: toPerson(alice) },
      acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
      modules: [...moduleNames],
    });
    yield* sizeRows(executable);
    yield* startRows(lab, executable);
    const agent = await lab.startAgent(executable);
    const pid = pidOf(agent);
    yield* idleRows(pid);
    const folder = lab.path('evidence');
    mkdirSync(folder);
    writeFileSync(`${folder}/found`, '');
    const asked = await lab.mig(
      ['file', '-t', 'all', '-path', folder, '-name', 'found'],
      lab.migEnvironment(address, fleet, alice),
    );
    if (asked.code !== 0) throw new CodedError('bench-agent', `expected an answer, got: ${asked.stderr}`);
    yield* memoryRows('agent-asked', pid, null, 'right after its first question');
    await sleep(idleSeconds * 1000);
    yield* memoryRows('agent-idle-again', pid, 60, `${idleSeconds} s later`);
  } finally {
    await lab.close();
  }
}
