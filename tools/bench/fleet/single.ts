/** The quickest question to one real agent: from the start of `mig` to its end, with the answer printed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { CodedError } from '../../../protocol/coded-error.ts';
import { fleetName, type Platform } from './platform.ts';

const repetitions = 21;
/** Not the fleet that comes later: these actions stay valid for a while. */
const target = "name NOT LIKE 'host-%'";

/** Milliseconds of each repetition; the first, which logs in and warms up, is left out. */
export async function askOneAgent({ lab, alice, relay, env, countAgents }: Platform): Promise<readonly number[]> {
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
  const times: number[] = [];
  for (let round = 0; round <= repetitions; round += 1) {
    const startedMs = performance.now();
    const { code, stderr } = await lab.mig(['file', '-t', target, '-path', evidence, '-name', '^found$', '-y'], env);
    if (code !== 0) throw new CodedError('bench-answers', `expected an answer of one agent: ${stderr}`);
    if (round > 0) times.push(performance.now() - startedMs);
  }
  await agent.stop();
  return times;
}
