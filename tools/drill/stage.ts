/**
 * The stage of the drill: two packaged agents, a broker in the attacker's hands, the real relay beside it, and the real
 * `mig` of an honest investigator. The attacker can stand in front of the relay's API.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleNames } from '../../modules/registry.ts';
import type { Action } from '../../protocol/action/action.ts';
import type { Envelope } from '../../protocol/action/envelope.ts';
import type { AgentMessage, Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { AgentId } from '../../protocol/base/identifiers.ts';
import { fleetRoutingKey } from '../../protocol/topology.ts';
import { type TrustEnvelope, type TrustList, toTrustBytes } from '../../protocol/trust/trust-list.ts';
import type { BrokerKind } from '../lab/brokers.ts';
import type { Finished, RunningProgram } from '../lab/child.ts';
import { type Composed, composeAction, signBytes, toCommand, toEnvelope } from '../lab/compose.ts';
import { HostileApi, type Tamper } from '../lab/hostile-api.ts';
import { HostileRelay } from '../lab/hostile-relay.ts';
import type { LabInvestigator } from '../lab/investigator-key.ts';
import { Lab, type RelayAddress } from '../lab/lab.ts';
import { startWire, type Wire } from '../lab/wire.ts';
import { type Noticed, Unnoticed } from './attack.ts';
import { fleet } from './fleet.ts';
import { proxyAddress, relayEnv } from './front.ts';
import { makePeople, type People, toConfigPerson } from './people.ts';
import { RelaySession } from './relay-session.ts';
import { isSince, waitUntilShown } from './shown-agent.ts';
import { toTrustList } from './trust-list.ts';

/** A question that every agent answers at once, with nothing found. */
export const harmless = {
  module: 'file',
  parameters: { searches: { s1: { paths: ['/etc'], names: ['^passwd$'], options: { maxdepth: 1 } } } },
} as const;

type StageParts = Pick<
  Stage,
  | 'lab'
  | 'broker'
  | 'wire'
  | 'people'
  | 'relay'
  | 'api'
  | 'session'
  | 'relayProgram'
  | 'executable'
  | 'agent'
  | 'second'
  | 'agentId'
  | 'secondId'
>;

export class Stage {
  readonly lab: Lab;
  readonly broker: HostileRelay;
  /** Between the agents and the broker. */
  readonly wire: Wire;
  readonly people: People;
  readonly relay: RelayAddress;
  /** In front of the relay's. */
  readonly api: HostileApi;
  /** Alice's, for what need not go through `mig`. */
  readonly session: RelaySession;
  relayProgram: RunningProgram;
  readonly executable: string;
  /** Files for questions: `found` is one of them. */
  readonly folder: string;
  /** As alice; with a state of its own. */
  readonly env: Readonly<Record<string, string>>;
  agent: RunningProgram;
  second: RunningProgram;
  readonly agentId: AgentId;
  readonly secondId: AgentId;
  #trustVersion = 0;
  #states = 0;

  private constructor(parts: StageParts) {
    this.lab = parts.lab;
    this.broker = parts.broker;
    this.wire = parts.wire;
    this.people = parts.people;
    this.relay = parts.relay;
    this.api = parts.api;
    this.session = parts.session;
    this.relayProgram = parts.relayProgram;
    this.executable = parts.executable;
    this.agent = parts.agent;
    this.second = parts.second;
    this.agentId = parts.agentId;
    this.secondId = parts.secondId;
    this.folder = this.lab.path('endpoint');
    this.env = this.lab.migEnvironment(this.relay, fleet, this.people.alice);
    mkdirSync(this.folder);
    writeFileSync(join(this.folder, 'found'), 'a needle\n');
  }

  static async start(onProgress: (line: string) => void = () => {}, kind: BrokerKind = 'embedded'): Promise<Stage> {
    const broker = await HostileRelay.start(kind);
    const wire = await startWire(broker.agentUrl);
    const lab = new Lab({ services: { broker }, onProgress });
    const people = await makePeople(lab);
    const api = await HostileApi.start(lab.path('hostile-api.pem'), proxyAddress);
    const { address: relay, program: relayProgram } = await lab.startRelay(
      undefined,
      relayEnv(lab, fleet, people, api),
    );
    api.passTo(relay);
    const [carol, dave] = people.roots;
    const executable = await lab.buildAgent(
      fleet,
      {
        relay: { url: wire.url },
        investigators: {
          alice: toConfigPerson(people.alice, people.alicesOther),
          bob: toConfigPerson(people.bob),
        },
        rootkeys: { people: { carol: toConfigPerson(carol), dave: toConfigPerson(dave) }, threshold: 2 },
        acl: {
          default: {
            minimumWeight: 2,
            weights: { alice: 2, bob: 1 },
            // Nobody may be told of anything in there.
            protected: [{ paths: [`${lab.path('endpoint')}/hidden/**`], answers: { yesno: 'never' } }],
          },
          netstat: { minimumWeight: 3, weights: { alice: 2, bob: 1 } },
        },
        limits: { maximumWindowSeconds: 3600, moduleMemoryMiB: 256, protectedQuestionsPerHour: 5 },
        modules: [...moduleNames, 'fault'],
        heartbeatSeconds: 2,
      },
      { testModules: true },
    );
    const agent = await lab.startAgent(executable, 'agent');
    const agentId = (await broker.wait((message) => message.kind === 'heartbeat')).agent;
    const second = await lab.startAgent(executable, 'second');
    const secondId = (await broker.wait((message) => message.kind === 'heartbeat' && message.agent !== agentId)).agent;
    const stage = new Stage({
      lab,
      broker,
      wire,
      people,
      relay,
      api,
      session: await RelaySession.logIn({ lab, relay }, people.alice),
      relayProgram,
      executable,
      agent,
      second,
      agentId: AgentId.parse(agentId),
      secondId: AgentId.parse(secondId),
    });
    for (const id of [stage.agentId, stage.secondId]) await stage.waitUntilListed(id);
    await stage.trust({});
    return stage;
  }

  async close(): Promise<void> {
    this.api.close();
    await this.lab.close();
    await this.wire.close();
    await this.broker.stop();
  }

  compose(changes: Partial<Action> = {}): Promise<Composed> {
    return composeAction(fleet, this.people.alice, { operations: [harmless], ...changes });
  }

  /** @returns what the agent says of it, with the command's own number. */
  async send(
    action: Action,
    envelope: Envelope,
    to: AgentId = this.agentId,
  ): Promise<Exclude<AgentMessage, { kind: 'heartbeat' }>> {
    this.broker.forget();
    const command = toCommand(action, to, envelope);
    await this.broker.send(to, Buffer.from(JSON.stringify(command)));
    return this.broker.waitForReport(command.id);
  }

  /** Checks that the agent refuses, reports it to the relay and logs it, and that the chain of the audit log holds. */
  async refuses(
    action: Action,
    envelope: Envelope,
    codes: readonly RefusalCode[],
    to: AgentId = this.agentId,
  ): Promise<Noticed> {
    const report = await this.send(action, envelope, to);
    if (report.kind !== 'refusal' || !codes.includes(report.code))
      throw new Unnoticed(
        `expected ${codes.join(' or ')}, got ${report.kind === 'refusal' ? report.code : report.kind}`,
      );
    const state = to === this.agentId ? 'agent' : 'second';
    const audit = await this.audit(state);
    if (!audit.some((line) => line.includes(`: ${report.code} `))) throw new Unnoticed('nothing in the audit log');
    return { by: 'agent', how: `refused: ${report.code}, also in the audit log` };
  }

  /** VmHWM of proc(5): peak of the agent's resident memory. */
  async peakMemoryMiB(): Promise<number> {
    const status = readFileSync(`/proc/${this.agent.child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** The audit log, verified. */
  async audit(state = 'agent'): Promise<string[]> {
    const { code, stdout, stderr } = await this.lab.run(this.executable, [
      'audit',
      '--state',
      this.lab.path(state),
      '--verify',
    ]);
    if (code !== 0) throw new Error(`expected the audit log to be whole: ${stderr}`);
    return stdout.trimEnd().split('\n');
  }

  envelope(action: Action, ...signers: readonly LabInvestigator[]): Promise<Envelope> {
    return toEnvelope(action, signers);
  }

  mig(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    return this.lab.mig(args, { ...this.env, ...env });
  }

  /** @param agents are asked alone; all when there are none. */
  question(...agents: readonly AgentId[]): string[] {
    const target = agents.length === 0 ? 'all' : agents.map((agent) => `id = '${agent}'`).join(' OR ');
    return ['file', '-t', target, '-path', this.folder, '-name', '^found$', '-e', '60s'];
  }

  /** Runs `mig` against an API that changes things on their way, with a state of its own unless given. */
  migThrough(
    tamper: Tamper,
    args: readonly string[],
    state = `hostile-${this.#states}`,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Finished> {
    this.#states += 1;
    this.api.tamper = tamper;
    const { url: MIG_SERVER, caFile: MIG_CA } = this.api;
    return this.mig(args, { ...env, MIG_SERVER, MIG_CA, XDG_STATE_HOME: this.lab.path(state) });
  }

  /** Alice signs what the relay shows under this id. @param keys where the public keys are that she has. */
  approveThrough(tamper: Tamper, id: string, keys: string): Promise<Finished> {
    return this.migThrough(tamper, ['approve', id, '-y'], 'state-of-alice', { MIG_KEYS: keys });
  }

  /** Waits until the relay shows the next heartbeat of this agent that is heard, or a later one. */
  async nextHeartbeat(agent: AgentId): Promise<void> {
    this.broker.forget();
    const heard = await this.broker.wait(
      (message): message is Heartbeat => message.kind === 'heartbeat' && message.agent === agent,
    );
    await waitUntilShown(this.session, agent, (shown) => isSince(shown, heard));
  }

  waitUntilListed(agent: AgentId): Promise<void> {
    return waitUntilShown(this.session, agent, () => true);
  }

  /** Restarts the relay at the same address, with its operator's current files. */
  async restartRelay(): Promise<void> {
    await this.relayProgram.stop();
    const listen = { api: new URL(this.relay.api).host, amqp: '127.0.0.1:0' };
    this.relayProgram = (await this.lab.startRelay(listen, relayEnv(this.lab, fleet, this.people, this.api))).program;
  }

  async restartAgent(): Promise<void> {
    await this.agent.stop('SIGKILL');
    this.agent = await this.lab.startAgent(this.executable, 'agent');
  }

  /** The list in force with changes; the next version unless given. */
  newTrustList(changes: Partial<TrustList>): TrustList {
    return { ...toTrustList(this.people, this.#trustVersion + 1), ...changes };
  }

  async signTrust(list: TrustList, ...signers: readonly LabInvestigator[]): Promise<TrustEnvelope> {
    const bytes = toTrustBytes(list);
    const signatures = await Promise.all(signers.map((signer) => signBytes(bytes, signer)));
    return { payload: bytes.toString('base64'), signatures };
  }

  /**
   * Puts a list in force on both agents.
   * @param send brings it to them; straight through the broker unless given.
   */
  async trust(
    changes: Partial<TrustList>,
    send = (envelope: TrustEnvelope): Promise<unknown> => this.sendTrust(envelope),
  ): Promise<void> {
    const list = this.newTrustList(changes);
    this.#trustVersion = list.version;
    await send(await this.signTrust(list, ...this.people.roots));
    await this.#waitUntilTaken();
  }

  /** Puts one list in force on the first agent, and another one of the same version on the second. */
  async forkTrust(changes: Partial<TrustList>): Promise<void> {
    const lists = [this.newTrustList({}), this.newTrustList(changes)] as const;
    const envelopes = await Promise.all(lists.map((list) => this.signTrust(list, ...this.people.roots)));
    this.#trustVersion = lists[0].version;
    for (const [index, agent] of [this.agentId, this.secondId].entries()) {
      const envelope = envelopes[index];
      if (envelope !== undefined) await this.sendTrust(envelope, agent);
    }
    await this.#waitUntilTaken();
  }

  #waitUntilTaken(): Promise<unknown> {
    const version = `"version":${this.#trustVersion},`;
    const isTaken = (line: string) => line.includes(version) && line.includes('took a trust list');
    return Promise.all([this.agent.waitForLine(isTaken), this.second.waitForLine(isTaken)]);
  }

  /** @param to one agent, or all of the fleet. */
  async sendTrust(trust: TrustEnvelope, to: string = fleetRoutingKey(fleet)): Promise<void> {
    await this.broker.send(to, Buffer.from(JSON.stringify({ trust })));
  }

  get trustVersion(): number {
    return this.#trustVersion;
  }
}
