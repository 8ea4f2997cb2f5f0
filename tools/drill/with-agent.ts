/** A foreign agent, for the time of an attack. */
import { SimulatedAgent } from '../lab/simulated-agent.ts';
import { must } from './attack.ts';
import { fleet } from './fleet.ts';
import type { Stage } from './stage.ts';

/** Connected alone. */
export async function withSilentAgent<T>(stage: Stage, use: (agent: SimulatedAgent) => Promise<T>): Promise<T> {
  const agent = new SimulatedAgent({ name: 'mallory' }, fleet);
  await agent.connect(stage.broker.agentUrl);
  try {
    return await use(agent);
  } finally {
    await agent.close();
  }
}

/** The relay lists it. */
export function withAgent<T>(stage: Stage, use: (agent: SimulatedAgent) => Promise<T>): Promise<T> {
  return withSilentAgent(stage, async (agent) => {
    await agent.sendHeartbeat();
    await stage.waitUntilListed(agent.id);
    return use(agent);
  });
}

export async function assertHonestAnswer(stage: Stage): Promise<void> {
  const { code, stderr } = await stage.mig(stage.question(stage.agentId));
  must(code === 0, `the honest agent's answer did not come: ${stderr}`);
}
