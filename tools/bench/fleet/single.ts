/** Measures a question to one real agent: by a `mig` that is started for it, and line by line in a console. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { toPerson } from '../../lab/investigator-key.ts';
import { migCommand } from '../../lab/lab.ts';
import { fleetName, type Platform } from './platform.ts';

const repetitions = 21;
/** Nobody types faster, and an agent prepares for the next question in this time. */
const pauseMs = 1000;
/** Not the name of the later fleet: these actions stay valid for a while. */
const target = "name NOT LIKE 'host-%'";

/** Milliseconds since `mig` was started. */
interface SingleAnswer {
  /** `mig` knows the number of agents, and goes on to sign and send. */
  readonly askedMs: number;
  readonly printedMs: number;
}

export interface SingleAnswers {
  readonly started: readonly SingleAnswer[];
  /** Milliseconds from the line that was entered to the printed answer. */
  readonly inConsoleMs: readonly number[];
}

function startMig(args: readonly string[], { lab, env }: Platform): ChildProcessWithoutNullStreams {
  return spawn(migCommand, args, { env: { PATH: process.env.PATH, HOME: lab.folder, ...env } });
}

async function ask(args: readonly string[], platform: Platform): Promise<SingleAnswer> {
  const startedMs = performance.now();
  const child = startMig(args, platform);
  child.stderr.resume();
  const firstOf = async (stream: NodeJS.ReadableStream): Promise<number> => {
    await once(stream, 'data');
    return performance.now() - startedMs;
  };
  const times = Promise.all([firstOf(child.stderr), firstOf(child.stdout)]);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new CodedError('bench-answers', `expected an answer of one agent, got exit code ${code}`);
  const [askedMs, printedMs] = await times;
  return { askedMs, printedMs };
}

/** The first answer is left out, as below. */
async function askInConsole(line: string, platform: Platform): Promise<number[]> {
  const child = startMig(['console'], platform);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const answersMs: number[] = [];
  for (let round = 0; round <= repetitions; round += 1) {
    await sleep(pauseMs);
    said = '';
    const enteredMs = performance.now();
    child.stdin.write(`${line}\n`);
    await once(child.stdout, 'data');
    if (round > 0) answersMs.push(performance.now() - enteredMs);
    while (!said.endsWith('found results\n')) await once(child.stderr, 'data');
  }
  child.stdin.end();
  await once(child, 'close');
  return answersMs;
}

/** The first answer does not count: `mig` logs in for it, and everything warms up. */
export async function askOneAgent(platform: Platform): Promise<SingleAnswers> {
  const { lab, alice, relay, countAgents } = platform;
  const executable = await lab.buildAgent(fleetName, {
    relay: lab.relayConfig(relay.address),
    investigators: { alice: toPerson(alice) },
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    modules: ['file'],
  });
  const agent = await lab.startAgent(executable);
  const evidence = lab.path('evidence');
  mkdirSync(evidence);
  writeFileSync(`${evidence}/found`, '');
  while ((await countAgents()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const words = ['file', '-t', target, '-path', evidence, '-name', '^found$', '-y'];
  const started: SingleAnswer[] = [];
  for (let round = 0; round <= repetitions; round += 1) {
    const answer = await ask(words, platform);
    if (round > 0) started.push(answer);
  }
  const line = words.map((word) => (word === target ? `"${word}"` : word)).join(' ');
  const inConsoleMs = await askInConsole(line, platform);
  await agent.stop();
  return { started, inConsoleMs };
}
