/** The quickest question to one real agent, from the start of `mig` to the printed answer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { CodedError } from '../../../protocol/coded-error.ts';
import { migCommand } from '../../lab/lab.ts';
import { fleetName, type Platform } from './platform.ts';

const repetitions = 21;
/** Not the fleet that comes later: these actions stay valid for a while. */
const target = "name NOT LIKE 'host-%'";

/** Milliseconds since `mig` was started. */
export interface SingleAnswer {
  /** It has been told how many agents there are, and goes on to sign and send. */
  readonly askedMs: number;
  readonly printedMs: number;
}

async function ask(args: readonly string[], { lab, env }: Platform): Promise<SingleAnswer> {
  const startedMs = performance.now();
  const child = spawn(migCommand, args, { env: { PATH: process.env.PATH, HOME: lab.folder, ...env } });
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

/** The first answer, for which `mig` logs in and everything warms up, is left out. */
export async function askOneAgent(platform: Platform): Promise<readonly SingleAnswer[]> {
  const { lab, alice, relay, countAgents } = platform;
  const executable = await lab.buildAgent(fleetName, {
    relay: lab.relayConfig(relay.address),
    investigators: { alice: { keys: [{ file: alice.publicKeyFile, fingerprint: alice.fingerprint }] } },
    acl: { default: { minimumWeight: 1, weights: { alice: 1 } } },
    modules: ['file'],
  });
  const agent = await lab.startAgent(executable);
  const evidence = lab.path('evidence');
  mkdirSync(evidence);
  writeFileSync(`${evidence}/found`, '');
  while ((await countAgents()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const answers: SingleAnswer[] = [];
  for (let round = 0; round <= repetitions; round += 1) {
    const answer = await ask(['file', '-t', target, '-path', evidence, '-name', '^found$', '-y'], platform);
    if (round > 0) answers.push(answer);
  }
  await agent.stop();
  return answers;
}
