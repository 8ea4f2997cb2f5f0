/** Ways past the witness: a relay hides an agent, or an answer, behind times and numbers that nobody has signed. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { parseSignedBytes } from '../../../protocol/action/envelope.ts';
import type { AgentRecord, CommandRecord } from '../../../protocol/api/api.ts';
import { type AgentId, newActionId } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import { heartbeatsExchange } from '../../../protocol/topology.ts';
import { SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import { fleet } from '../fleet.ts';
import type { Stage } from '../stage.ts';

/** More questions than an agent's heartbeat tells. */
const junkCommands = 80;
const hourMs = 3_600_000;
/** A little longer than `mig` allows an answer between the agent and the relay's database. */
const onItsWayMs = 12_000;

/** The agents as the relay shows them to an honest investigator. */
async function listShown(stage: Stage): Promise<readonly AgentRecord[]> {
  let shown: readonly AgentRecord[] = [];
  const agents = (all: readonly AgentRecord[]) => {
    shown = all;
    return all;
  };
  const { code, stderr } = await stage.migThrough({ agents }, ['witness']);
  must(code === 0, `an honest relay is suspected: ${stderr}`);
  return shown;
}

function toRecord(id: AgentId, shown: readonly AgentRecord[]): CommandRecord {
  const { name = '', heartbeat = null } = shown.find((agent) => agent.id === id) ?? {};
  return { agent: id, name, state: 'sent', heartbeat };
}

function toActionId({ stderr }: { readonly stderr: string }): string {
  return /Following action ID ([0-9a-f]{32})/.exec(stderr)?.[1] ?? '';
}

function withoutReports(path: string, outgoing: ServerResponse): boolean {
  if (!path.includes('/reports')) return false;
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"reports":[],"next":null}');
  return true;
}

/** Malformed envelopes under numbers that the relay has chosen. */
async function sendJunk(stage: Stage): Promise<void> {
  const payload = Buffer.from('nothing').toString('base64');
  for (let count = 0; count < junkCommands; count += 1) {
    const command = { id: newActionId(), envelope: { payload, signatures: ['none'] } };
    await stage.broker.send(stage.agentId, Buffer.from(JSON.stringify(command)));
  }
}

export const witnessAttacks: readonly Attack[] = [
  {
    name: 'relay hides an agent by a later start',
    tried: 'bob is not shown an agent, and alice is told that it started after bob had looked',
    run: async (stage) => {
      const saved = stage.lab.path('seen-by-bob.json');
      const hide = (agents: readonly AgentRecord[]) => agents.filter(({ id }) => id !== stage.secondId);
      const bobs = await stage.migThrough({ agents: hide }, ['witness', '-save', saved]);
      must(bobs.code === 0, bobs.stderr);
      // An agent may need a minute until it is listed, and the drill may be younger than that.
      const taken = toInstant(Date.now() + hourMs);
      writeFileSync(saved, JSON.stringify({ ...JSON.parse(readFileSync(saved, 'utf8')), taken }));
      const starttime = toInstant(Date.now() + 2 * hourMs);
      const later = (agents: readonly AgentRecord[]) =>
        agents.map((agent) => (agent.id === stage.secondId ? { ...agent, starttime } : agent));
      const compared = await stage.migThrough({ agents: later }, ['witness', '-compare', saved]);
      must(compared.code === 3, `exit code ${compared.code}: ${compared.stdout}${compared.stderr}`);
      return noticedIn('investigator', compared.stdout, /hidden-from-others .*/);
    },
  },
  {
    name: 'withheld answer driven out by junk commands',
    tried: `the relay keeps an answer back and sends the agent ${junkCommands} commands that are none`,
    run: async (stage) => {
      const id = toActionId(await stage.mig(stage.question(stage.agentId)));
      await sendJunk(stage);
      // The second one was made after the last of them had been refused.
      await stage.nextHeartbeat(stage.agentId);
      await stage.nextHeartbeat(stage.agentId);
      const silent = toRecord(stage.agentId, await listShown(stage));
      // Until then the answer may still be on its way.
      for (const endMs = Date.now() + onItsWayMs; Date.now() < endMs; ) await stage.nextHeartbeat(stage.agentId);
      const { code, stderr } = await stage.migThrough({ respond: withoutReports, commands: () => [silent] }, [
        'show',
        id,
      ]);
      must(code === 3, `exit code ${code}: ${stderr}`);
      return noticedIn('investigator', stderr, /withheld: .*/);
    },
  },
  {
    name: 'old heartbeat hides an agent from all',
    tried: 'an agent is left out of a question to all, and its heartbeat of an hour ago is shown',
    run: async (stage) => {
      const agent = new SimulatedAgent({ name: 'sleeper' });
      await agent.connect(stage.broker.agentUrl);
      try {
        const old = agent.heartbeat(Date.now() - hourMs, {}, fleet).toString('base64');
        await agent.publish(heartbeatsExchange, agent.heartbeat(Date.now(), {}, fleet));
        await stage.waitUntilListed(agent.id);
        const asking = stage.mig(['file', '-t', 'all', '-path', stage.folder, '-name', '^found$', '-e', '30s']);
        const { command } = await agent.waitForCommand(0);
        const { id } = parseSignedBytes(Buffer.from(command.envelope.payload, 'base64'));
        const agents = (all: readonly AgentRecord[]) =>
          all.map((shown) => (shown.id === agent.id ? { ...shown, heartbeat: old } : shown));
        const honest = await stage.migThrough({ agents }, ['witness', id]);
        must(honest.code === 0, `an honest relay is suspected: ${honest.stdout}${honest.stderr}`);
        const commands = (all: readonly CommandRecord[]) => all.filter((record) => record.agent !== agent.id);
        const { code, stdout, stderr } = await stage.migThrough({ agents, commands }, ['witness', id]);
        await agent.sendResult(command);
        // Nobody waits for agents that are gone.
        await stage.mig(['cancel', id]);
        await asking;
        must(code === 3, `exit code ${code}: ${stdout}${stderr}`);
        return noticedIn('investigator', stdout, /not-asked sleeper.*/);
      } finally {
        await agent.close();
      }
    },
  },
];
