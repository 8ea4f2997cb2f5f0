/** How long it takes to verify, open and print the answers of a large fleet; run it by hand, as it says below. */
import { Action } from '../../protocol/action.ts';
import type { Report } from '../../protocol/api.ts';
import { toSignedBytes } from '../../protocol/envelope.ts';
import { newActionId, sha256Hex } from '../../protocol/identifiers.ts';
import { newReplyKey, ResultOpener } from '../../protocol/sealed.ts';
import { Answers } from '../investigation/answers.ts';
import { countsOf } from '../investigation/follow.ts';
import { openPrinter } from '../output/open-printer.ts';
import { recordConsole } from './recorded-console.ts';
import { ToyAgent } from './toy-agent.ts';
import { toyModules, toyResult } from './toy-module.ts';

/** `node --expose-gc investigator/testing/answers-bench.ts 10000` */
const agents = Number(process.argv[2] ?? 10_000);
/** Of this many different answers each is given many times, for making them costs more than reading them. */
const linesPerAnswer = 20;

const replyKey = newReplyKey();
const action = Action.parse({
  syntaxversion: 3,
  id: newActionId(),
  fleet: 'bench',
  name: 'a question to many',
  description: {},
  threat: {},
  target: 'all',
  validfrom: '2026-01-31T07:00:00Z',
  expireafter: '2026-01-31T08:00:00Z',
  operations: [{ module: 'toy', parameters: { words: ['wget'] } }],
  limits: {},
  replykey: replyKey.publicKey,
  readers: ['A'.repeat(40)],
});
const digest = sha256Hex(toSignedBytes(action));
const words = Array.from({ length: linesPerAnswer }, (_, index) => `/usr/share/application-${index}/component.so`);

function makeReports(count: number, from: number): Report[] {
  const indexes = Array.from({ length: count }, (_, index) => from + index);
  return indexes.map((index) => new ToyAgent(`host-${index}`).result(action, digest, [toyResult(words)]));
}

function heapMiB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

for (const format of ['ndjson', 'text', 'csv'] as const) {
  const opener = new ResultOpener(replyKey.privateKey);
  const answers = new Answers({ action, digest, opener, modules: toyModules });
  let characters = 0;
  const count = (line: string): void => {
    characters += line.length;
  };
  const console = { ...recordConsole(), data: count, note: () => {} };
  const printer = await openPrinter(format, { asked: action, by: 'bench', modules: toyModules, show: 'all', console });
  const batch = 500;
  let elapsedMs = 0;
  let cpuMs = 0;
  const heaps: string[] = [];
  for (let from = 0; from < agents; from += batch) {
    const reports = makeReports(Math.min(batch, agents - from), from);
    const startedMs = performance.now();
    const startedCpu = process.cpuUsage();
    for (const report of reports) {
      const answer = answers.add(report);
      if (answer?.kind === 'result') printer.result(answer);
    }
    elapsedMs += performance.now() - startedMs;
    const cpu = process.cpuUsage(startedCpu);
    cpuMs += (cpu.user + cpu.system) / 1000;
    if (from % (agents / 4) < batch) heaps.push(heapMiB().toFixed(1));
  }
  printer.end(answers.tally.toOutcome(action, countsOf('succeeded', agents)));
  process.stdout.write(
    `${format}: ${agents} answers in ${(elapsedMs / 1000).toFixed(2)} s (${(cpuMs / 1000).toFixed(2)} s of CPU), ${(characters / 1024 / 1024).toFixed(1)} MiB printed, heap MiB ${heaps.join(' ')}\n`,
  );
}
