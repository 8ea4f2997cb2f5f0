/** Brings trust lists to agents: at once to all of an environment, and again to each that tells of an older one. */
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Heartbeat } from '../../protocol/agent-message.ts';
import { toMessage } from '../../protocol/coded-error.ts';
import type { AgentId } from '../../protocol/identifiers.ts';
import { agentQueueExpiryMs, agentsExchange, fleetRoutingKey } from '../../protocol/topology.ts';
import { parseTrustBytes, type TrustEnvelope } from '../../protocol/trust-list.ts';
import type { LinkUser } from '../amqp/link.ts';
import type { Database } from '../database/database.ts';
import { findTrustList, listTrustVersions, putTrustList } from '../database/trust-lists.ts';
import type { Log } from '../log.ts';

/**
 * How often one agent is sent the list because it says that it is behind, and for how long the list waits for it: an agent
 * that only says so must not fill its queue.
 */
const behindMs = 60_000;

export class TrustPublisher {
  readonly #database: Database;
  readonly #log: Log;
  #channel: ConfirmChannel | undefined;
  /** `agent version` of what was sent since then. */
  readonly #sent = new Set<string>();
  #sentSinceMs = 0;

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  readonly use: LinkUser = async (connection: ChannelModel) => {
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error) => this.#log.warn({ reason: toMessage(error) }, 'channel of trust lists failed'));
    channel.once('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
      // Closed alone: the link makes everything anew.
      void connection.close().catch(() => {});
    });
    this.#channel = channel;
  };

  /**
   * Keeps a list and sends it to its agents. Its signatures are for the agents to check.
   * @throws CodedError trust-malformed
   */
  async submit(envelope: TrustEnvelope): Promise<{ readonly fleet: string; readonly version: number }> {
    const { fleet, version, expires } = parseTrustBytes(Buffer.from(envelope.payload, 'base64'));
    await putTrustList(this.#database.db, fleet, version, envelope);
    this.#log.info({ fleet, version }, 'trust list received');
    this.#send(fleetRoutingKey(fleet), envelope, Date.parse(expires));
    return { fleet, version };
  }

  /** To the agents whose heartbeats tell of an older list than the relay has. */
  async catchUp(heartbeats: Iterable<Heartbeat>): Promise<void> {
    const listening = [...heartbeats].filter(({ trust }) => trust !== undefined);
    if (listening.length === 0 || this.#channel === undefined) return;
    const versions = await listTrustVersions(this.#database.db);
    const behind = listening.filter(({ fleet, trust }) => (trust?.version ?? 0) < (versions.get(fleet) ?? 0));
    for (const fleet of new Set(behind.map((heartbeat) => heartbeat.fleet))) {
      const list = await findTrustList(this.#database.db, fleet);
      if (list === undefined) continue;
      const expiresMs = Date.now() + behindMs;
      for (const { agent } of behind.filter((heartbeat) => heartbeat.fleet === fleet))
        if (this.#isNew(`${agent} ${list.version}`)) this.#send(agent, list.envelope, expiresMs);
    }
  }

  #isNew(sending: string): boolean {
    const nowMs = Date.now();
    if (Math.abs(nowMs - this.#sentSinceMs) >= behindMs) {
      this.#sent.clear();
      this.#sentSinceMs = nowMs;
    }
    const isNew = !this.#sent.has(sending);
    this.#sent.add(sending);
    return isNew;
  }

  /** What is lost here comes again: an agent tells its version with every heartbeat. */
  #send(routingKey: AgentId | string, envelope: TrustEnvelope, expiresMs: number): void {
    // The queue of an agent that is away for longer is gone anyway.
    const expiration = String(Math.min(Math.max(0, expiresMs - Date.now()), agentQueueExpiryMs));
    try {
      this.#channel?.publish(agentsExchange, routingKey, Buffer.from(JSON.stringify({ trust: envelope })), {
        persistent: true,
        expiration,
        contentType: 'application/json',
      });
    } catch (error) {
      this.#log.warn({ reason: toMessage(error) }, 'trust list not sent, agents get it after their next heartbeat');
    }
  }
}
