/** Measures how the real `mig` takes, verifies, opens and prints the answers of a large fleet, all of them at its relay. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { newAction } from '../../../investigator/ask/new-action.ts';
import { requireSetting } from '../../../investigator/cli/require-settings.ts';
import { readSettings } from '../../../investigator/cli/settings.ts';
import { countsOf } from '../../../investigator/commands/follow.ts';
import { openKey } from '../../../investigator/keys/investigator-key.ts';
import { ToyAgent } from '../../../investigator/testing/toy-agent.ts';
import { startToyPlatform, type ToyPlatform } from '../../../investigator/testing/toy-platform.ts';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { sha256Hex } from '../../../protocol/base/identifiers.ts';
import { emptyReceipt } from '../../../protocol/result/result.ts';
import { buildTools } from '../../lab/build-tools.ts';
import { migCommand } from '../../lab/lab.ts';
import type { RowResult } from '../row.ts';

const findingsPerAnswer = 20;
const mebibyte = 1024 * 1024;
/** For a settled fleet; wall time on a quiet machine, CPU time elsewhere. */
const goalSeconds = 10;
/** Memory that may stay of an agent whose answer has been printed: its id and its name, in hash tables. */
const goalGrowthBytes = 512;
/** With so many answers, V8's young generation has its full size: later growth is what stays of answers. */
const settledFleet = 10_000;
const fleets = [1000, settledFleet, 30_000];

const Usage = z.object({ cpuSeconds: z.number(), peakBytes: z.number() });

interface Measured extends z.infer<typeof Usage> {
  readonly wallSeconds: number;
  readonly printedBytes: number;
}

/**
 * Runs in `mig`, which reports its own usage at its end. The peak is that of /proc: getrusage(2) starts with the peak of
 * the parent, and this process is large by then.
 */
const reporter = String.raw`process.on('exit', () => {
  const { readFileSync, writeFileSync } = require('node:fs');
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const peakKiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: peakKiB * 1024 };
  writeFileSync(process.env.MIG_BENCH_USAGE, JSON.stringify(used));
});`;

const question = { module: 'file', parameters: { searches: { s1: { paths: ['/usr'], names: ['^component'] } } } };
const answer = {
  success: true,
  foundanything: true,
  elements: {
    s1: Array.from({ length: findingsPerAnswer }, (_, index) => ({
      file: `/usr/share/application-${index}/component.so`,
      search: {},
      fileinfo: { size: 12_345, mode: '-rw-r--r--', lastmodified: '2026-01-31 07:00:00 +0000 UTC' },
    })),
  },
  statistics: {},
  errors: [],
  receipt: { ...emptyReceipt(), examined: { files: 1000, directories: 100 } },
};

/** Each answer is of another agent, with real keys, seals and signatures. @returns the id of the action. */
async function keepAnswered(agents: number, { relay, environment }: ToyPlatform): Promise<string> {
  const settings = readSettings(environment);
  const template = { name: 'a question to many', description: {}, threat: {}, operations: [question], limits: {} };
  const asked = { template, fleet: requireSetting(settings, 'fleet'), target: 'all', expiryMs: 3_600_000 };
  const { action, signedBytes, submission } = await newAction(asked, await openKey(requireSetting(settings, 'key')));
  const digest = sha256Hex(signedBytes);
  const reports = Array.from({ length: agents }, (_, index) =>
    new ToyAgent(`host-${agents}-${index}`).result(action, digest, [answer]),
  );
  relay.script.counts = countsOf('succeeded', agents);
  relay.keep(submission, reports);
  return action.id;
}

async function runMig(words: readonly string[], env: Record<string, string>, stdout: number): Promise<void> {
  const child = spawn(migCommand, words, {
    stdio: ['ignore', stdout, 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  let notes = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    notes = `${notes}${text}`.slice(-1000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new CodedError('bench-answers', `expected mig ${words.join(' ')} to find something: ${notes}`);
}

async function measure(words: readonly string[], platform: ToyPlatform): Promise<Measured> {
  const usageFile = join(platform.folder, 'usage.json');
  const hook = platform.write('report-usage.cjs', reporter);
  const answersFile = join(platform.folder, 'answers');
  const answers = openSync(answersFile, 'w');
  const env = { ...platform.environment, NODE_OPTIONS: `--require=${hook}`, MIG_BENCH_USAGE: usageFile };
  const startedMs = performance.now();
  await runMig(words, env, answers);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  closeSync(answers);
  const usage = Usage.parse(JSON.parse(readFileSync(usageFile, 'utf8')));
  const printedBytes = statSync(answersFile).size;
  rmSync(answersFile);
  return { ...usage, wallSeconds, printedBytes };
}

function toNote({ printedBytes, wallSeconds }: Measured): string {
  const load = `load average ${loadavg()[0]?.toFixed(1)}`;
  return `${wallSeconds.toFixed(1)} s by the clock at ${load}; ${(printedBytes / mebibyte).toFixed(1)} MiB printed`;
}

function growthRow(ours: number): RowResult {
  const note = `of memory for one answer more, from ${settledFleet} to ${fleets.at(-1)}, in ndjson`;
  const [goal, met] = [goalGrowthBytes, ours <= goalGrowthBytes];
  return { name: 'answers-growth', ours, peer: null, unit: 'bytes', ratio: ours, goal, met, note };
}

export async function* rows(): AsyncGenerator<RowResult> {
  await buildTools();
  const platform = await startToyPlatform();
  try {
    let settledBytes = 0;
    for (const agents of fleets) {
      const id = await keepAnswered(agents, platform);
      for (const format of ['ndjson', 'text', 'csv']) {
        const measured = await measure(['follow', id, '-f', format], platform);
        const { cpuSeconds: ours, peakBytes } = measured;
        const name = `answers-${agents}-${format}`;
        const judged =
          agents === settledFleet ? { goal: goalSeconds, met: ours <= goalSeconds } : { goal: null, met: null };
        yield { name, ours, peer: null, unit: 'CPU s', ratio: ours, ...judged, note: toNote(measured) };
        const peak = peakBytes / mebibyte;
        yield { name: `${name}-peak`, ours: peak, peer: null, unit: 'MiB', ratio: peak, goal: null, met: null };
        if (format !== 'ndjson') continue;
        if (agents === settledFleet) settledBytes = peakBytes;
        if (agents === fleets.at(-1)) yield growthRow((peakBytes - settledBytes) / (agents - settledFleet));
      }
    }
  } finally {
    await platform.close();
  }
}
