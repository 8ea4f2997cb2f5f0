/** Attacks by a malicious relay, as the investigator's own `mig` sees them. */
import type { Action } from '../../../protocol/action/action.ts';
import type { Envelope } from '../../../protocol/action/envelope.ts';
import type { AgentRecord, CommandRecord, Report } from '../../../protocol/api/api.ts';
import { AgentId, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { toInstant } from '../../../protocol/base/instant.ts';
import type { CommandMessage } from '../../../protocol/topology.ts';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';

function alter({ payload, signatures }: Envelope, from: string, to: string): Envelope {
  const text = Buffer.from(payload, 'base64').toString('utf8');
  must(text.includes(from), 'the attack changed nothing');
  return { payload: Buffer.from(text.replace(from, to)).toString('base64'), signatures };
}

/** Withholds the command of the action, and sends another one in its place. */
function swapped(
  name: string,
  tried: string,
  code: string,
  swap: (stage: Stage, command: CommandMessage) => Promise<Envelope>,
): Attack {
  return {
    name: `relay ${name}`,
    tried,
    run: async (stage) => {
      const { diverted } = await stage.broker.divertCommand(stage.agentId);
      const asking = stage.mig(stage.question(stage.agentId));
      const command = await diverted;
      const envelope = await swap(stage, command);
      await stage.broker.send(stage.agentId, Buffer.from(JSON.stringify({ id: command.id, envelope })));
      const { code: exitCode, stdout, stderr } = await asking;
      must(exitCode === 3 && stdout === '', `exit code ${exitCode}: ${stdout}${stderr}`);
      return noticedIn('investigator', stderr, new RegExp(`refused: ${code} .*somebody altered it on the way`));
    },
  };
}

async function sign(stage: Stage, changes: Partial<Action>, signer: LabInvestigator): Promise<Envelope> {
  return stage.envelope((await stage.compose(changes)).action, signer);
}

const swaps: readonly Attack[] = [
  swapped('flips a bit', 'a bit of the name of the action', 'bad-signature', async (_, { envelope }) =>
    alter(envelope, '"name":"mig', '"name":"nig'),
  ),
  swapped('extends the expiry', 'a thousand years', 'bad-signature', async (_, { envelope }) =>
    alter(envelope, '"expireafter":"2', '"expireafter":"3'),
  ),
  swapped('signs itself', 'its own signature', 'unknown-signer', (stage) => sign(stage, {}, stage.people.stranger)),
  swapped('uses a lesser signer', "bob's question for alice's", 'insufficient-weight', (stage) =>
    sign(stage, {}, stage.people.bob),
  ),
  swapped('sends an old action', "alice's question of an hour ago", 'expired', (stage) => {
    const nowMs = Date.now();
    const past = { validfrom: toInstant(nowMs - 3_600_000), expireafter: toInstant(nowMs - 1_800_000) };
    return sign(stage, past, stage.people.alice);
  }),
  swapped("sends another fleet's action", "alice's question to staging", 'wrong-fleet', (stage) =>
    sign(stage, { fleet: 'staging' }, stage.people.alice),
  ),
  swapped("sends another host's action", "alice's question to another host", 'target-mismatch', (stage) =>
    sign(stage, { target: "name = 'another-host'" }, stage.people.alice),
  ),
];

function withMessage(report: Report, change: (message: Buffer) => Buffer): Report {
  return { ...report, message: change(Buffer.from(report.message, 'base64')).toString('base64') };
}

function flipped(report: Report, at: number): Report {
  return withMessage(report, (message) => {
    const index = at < 0 ? message.length + at : at;
    message[index] = (message[index] ?? 0) ^ 1;
    return message;
  });
}

/** Offset of the JSON's length in a result's message; the sealed part follows the JSON. */
const lengthOffset = 64 + 32 + 'mig agent v4\n'.length;

function sealedOffset(message: Buffer): number {
  return lengthOffset + 4 + message.readUInt32BE(lengthOffset);
}

/** Puts the sealed part of one message into another; the signature stays. */
function withSealedOf(report: Report, other: Report): Report {
  const donor = Buffer.from(other.message, 'base64');
  return withMessage(report, (message) =>
    Buffer.concat([message.subarray(0, sealedOffset(message)), donor.subarray(sealedOffset(donor))]),
  );
}

/** Asks both agents through an API that changes reports. */
function tampered(
  name: string,
  tried: string,
  expected: { readonly exitCode: number; readonly says: RegExp; readonly findings: number },
  newTamper: () => (report: Report) => readonly Report[],
  prepare: (stage: Stage) => Promise<unknown> = async () => {},
): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      await prepare(stage);
      const { code, stdout, stderr } = await stage.migThrough({ report: newTamper() }, stage.question(stage.agentId));
      const findings = stdout.split('\n').filter((line) => line.includes('found ')).length;
      must(code === expected.exitCode && findings === expected.findings, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stderr, expected.says);
    },
  };
}

const notGenuine = (code: string) => ({
  exitCode: 3,
  findings: 0,
  says: new RegExp(`1 answer was not genuine: agent (?:\\S+#)?[0-9a-f]+: ${code}`),
});

/** Reports of an earlier action, kept for reuse. */
const kept: Report[] = [];
const keepBoth = async (stage: Stage): Promise<void> => {
  kept.splice(0);
  await stage.migThrough(
    {
      report: (report) => {
        kept.push(report);
        return [report];
      },
    },
    stage.question(),
  );
  must(kept.length >= 2, `expected two answers to keep, got ${kept.length}`);
};

const answers: readonly Attack[] = [
  tampered(
    'honest relay',
    'nothing: what passes everything on must not be suspected',
    { exitCode: 0, findings: 1, says: /answered: 1 fully/ },
    () => (report) => [report],
  ),
  ...[3, 300, -3].map((at) =>
    tampered(
      `answer altered at ${at}`,
      'a bit of the signature, of the message, of its end',
      notGenuine('agent-message-(forged|malformed)'),
      () => (report) => [flipped(report, at)],
    ),
  ),
  tampered(
    'answer forged by another agent',
    "another agent's answer under this one's name",
    notGenuine('other-agent'),
    () => (report) => [{ ...report, message: kept.find(({ agent }) => agent !== report.agent)?.message ?? '' }],
    keepBoth,
  ),
  tampered(
    'answer said to be of another agent',
    'a genuine answer under an invented name',
    notGenuine('other-agent'),
    () => (report) => [{ ...report, agent: AgentId.parse(sha256Hex('invented')) }],
  ),
  tampered(
    'answer for another action',
    "this agent's answer to an earlier action",
    notGenuine('other-action'),
    () => (report) => [{ ...report, message: kept.find(({ agent }) => agent === report.agent)?.message ?? '' }],
    keepBoth,
  ),
  tampered(
    'sealed answer swapped',
    'the sealed part of another answer in this one',
    notGenuine('agent-message-forged'),
    () => (report) => [withSealedOf(report, kept.find(({ agent }) => agent !== report.agent) ?? report)],
    keepBoth,
  ),
  tampered(
    'answer replayed',
    'the same answer ten times',
    { exitCode: 0, findings: 1, says: /answered: 1 fully, 0 partly, 0 refused, 0 failed, 0 silent;/ },
    () => (report) => Array.from({ length: 10 }, () => report),
  ),
  tampered(
    'answer dropped',
    'the answer is kept back',
    { exitCode: 3, findings: 0, says: /answered: .* 1 silent/ },
    () => () => [],
  ),
  {
    name: 'answers reordered',
    tried: 'the answers of two agents change places',
    run: async (stage) => {
      const held: Report[] = [];
      const report = (one: Report): readonly Report[] => {
        held.push(one);
        return held.length === 2 ? held.splice(0).reverse() : [];
      };
      const ids = `id IN ('${stage.agentId}', '${stage.secondId}')`;
      const { code, stdout, stderr } = await stage.migThrough({ report }, [
        ...['file', '-t', ids, '-path', stage.folder, '-name', '^found$', '-e', '60s'],
      ]);
      must(code === 3 && stdout.trim().split('\n').length === 1, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stderr, /answered: 1 fully, .* 1 silent/);
    },
  },
];

/** Compares the relay's agents with those that it showed before. */
function witnessed(
  name: string,
  tried: string,
  says: RegExp,
  change: (agents: readonly AgentRecord[], before: readonly AgentRecord[], stage: Stage) => readonly AgentRecord[],
): Attack {
  return {
    name,
    tried,
    run: async (stage) => {
      const state = `witness-${name.replaceAll(' ', '-')}`;
      const look = async (): Promise<readonly AgentRecord[]> => {
        let shown: readonly AgentRecord[] = [];
        const agents = (all: readonly AgentRecord[]) => {
          shown = all;
          return all;
        };
        const { code, stdout, stderr } = await stage.migThrough({ agents }, ['witness'], state);
        must(code === 0, `an honest relay is suspected: ${stdout}${stderr}`);
        return shown;
      };
      const heartbeatIn = (agents: readonly AgentRecord[]) =>
        agents.find(({ id }) => id === stage.agentId)?.heartbeat ?? null;
      const before = await look();
      while (heartbeatIn(await look()) === heartbeatIn(before)) await stage.nextHeartbeat(stage.agentId);
      const { code, stdout, stderr } = await stage.migThrough(
        { agents: (agents) => change(agents, before, stage) },
        ['witness'],
        state,
      );
      must(code === 3, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stdout, says);
    },
  };
}

const silence: readonly Attack[] = [
  witnessed('relay hides an agent', 'one agent is left out of the list', /hidden-agent .*/, (agents, _, { agentId }) =>
    agents.filter(({ id }) => id !== agentId),
  ),
  witnessed('relay plays old heartbeats', 'a heartbeat of before', /old-heartbeat .*/, (agents, before, { agentId }) =>
    agents.map((agent) => (agent.id === agentId ? (before.find(({ id }) => id === agentId) ?? agent) : agent)),
  ),
  witnessed('relay forges a heartbeat', 'a bit of a heartbeat', /not-genuine .*/, (agents, _, { agentId }) =>
    agents.map((agent) => {
      if (agent.id !== agentId) return agent;
      const heartbeat = Buffer.from(agent.heartbeat ?? '', 'base64');
      heartbeat[100] = (heartbeat[100] ?? 0) ^ 1;
      return { ...agent, heartbeat: heartbeat.toString('base64') };
    }),
  ),
  {
    name: 'relay shows two people different agents',
    tried: 'alice is shown both agents, bob one',
    run: async (stage) => {
      const saved = stage.lab.path('seen-by-alice.json');
      const alices = await stage.migThrough({}, ['witness', '-save', saved]);
      must(alices.code === 0, alices.stderr);
      const hide = (agents: readonly AgentRecord[]) => agents.filter(({ id }) => id !== stage.secondId);
      const { code, stdout, stderr } = await stage.migThrough({ agents: hide }, ['witness', '-compare', saved]);
      must(code === 3, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stdout, /hidden-from-you .*/);
    },
  },
  {
    name: 'relay leaves an agent out of a question',
    tried: 'two are asked; one is not, and is not counted either',
    run: async (stage) => {
      const ids = `id IN ('${stage.agentId}', '${stage.secondId}')`;
      const asked = await stage.mig(['file', '-t', ids, '-path', stage.folder, '-name', '^found$', '-e', '5m']);
      const [, id = ''] = /Following action ID ([0-9a-f]{32})/.exec(asked.stderr) ?? [];
      const honest = await stage.migThrough({}, ['witness', id]);
      must(honest.code === 0, `an honest relay is suspected: ${honest.stdout}${honest.stderr}`);
      const commands = (all: readonly CommandRecord[]) => all.filter(({ agent }) => agent !== stage.agentId);
      const { code, stdout, stderr } = await stage.migThrough({ commands }, ['witness', id]);
      must(code === 3, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stdout, /not-asked .*/);
    },
  },
];

export const relayAttacks: readonly Attack[] = [...swaps, ...answers, ...silence];
