/** One more agent for attacks on its host. Its state can be broken without harm to the others. */
import type { AgentId } from '../../protocol/base/identifiers.ts';
import type { RunningProgram } from '../lab/child.ts';
import type { Stage } from './stage.ts';

export interface Victim {
  readonly program: RunningProgram;
  readonly id: AgentId;
  /** Its state. */
  readonly folder: string;
  /** After its program was stopped. @returns the id under which it comes back. */
  readonly restart: (env?: NodeJS.ProcessEnv) => Promise<AgentId>;
}

let count = 0;

/** @param env beside PATH. */
export async function startVictim(stage: Stage, env: NodeJS.ProcessEnv = {}): Promise<Victim> {
  count += 1;
  const state = `victim-${count}`;
  const start = async (variables: NodeJS.ProcessEnv) => {
    const program = await stage.lab.startAgent(stage.executable, state, variables);
    const line = await program.waitForLine((text) => text.includes('"agent":"') && text.includes('starting'));
    const { agent } = JSON.parse(line) as { agent: AgentId };
    return { program, id: agent };
  };
  const { program, id } = await start(env);
  await stage.waitUntilListed(id);
  const victim = {
    program,
    id,
    folder: stage.lab.path(state),
    restart: async (variables: NodeJS.ProcessEnv = {}) => {
      const again = await start(variables);
      victim.program = again.program;
      return again.id;
    },
  };
  return victim;
}
