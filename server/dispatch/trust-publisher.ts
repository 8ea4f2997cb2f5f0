/** Takes trust lists and brings them to agents: at once to all of an environment, and again to each that tells of an older one. */

import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Log } from '../../host/log.ts';
import type { Heartbeat } from '../../protocol/agent-message/agent-message.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { type AgentId, sha256Hex } from '../../protocol/base/identifiers.ts';
import { agentQueueExpiryMs, agentsExchange, fleetRoutingKey } from '../../protocol/topology.ts';
import { parseTrustBytes, type TrustEnvelope } from '../../protocol/trust/trust-list.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';
import type { RootKeyring } from '../access/root-keys.ts';
import type { LinkUser } from '../amqp/link.ts';
import type { Database } from '../database/database.ts';
import type { Db } from '../database/schema.ts';
import { findTrustList, listTrustVersions, lockTrustLists, putTrustList } from '../database/trust-lists.ts';

/**
 * How often one agent is sent the list because it says that it is behind, and for how long the list waits for it: an agent
 * that only says so must not fill its queue.
 */
const behindMs = 60_000;

export interface StoredList {
  readonly version: number;
  readonly envelope: TrustEnvelope;
}

function refusal(code: TrustCode, detail: string): CodedError<TrustCode> {
  return new CodedError<TrustCode>(code, detail);
}

export class TrustPublisher {
  readonly #database: Database;
  readonly #roots: RootKeyring;
  readonly #log: Log;
  #channel: ConfirmChannel | undefined;
  /** `agent version` of what was sent since then. */
  readonly #sent = new Set<string>();
  #sentSinceMs = 0;
  /** The list that was looked at last, by fleet. */
  readonly #verified = new Map<string, { readonly digest: string; readonly isGenuine: boolean }>();

  constructor(database: Database, roots: RootKeyring, log: Log) {
    this.#database = database;
    this.#roots = roots;
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
   * Keeps a list and sends it to its agents. Only what enough root keys have signed gets here, and only a later version
   * takes the place of the one that is there.
   * @throws CodedError<TrustCode>
   */
  async submit(fleet: string, envelope: TrustEnvelope): Promise<StoredList> {
    const latest = latestNow();
    await this.#roots.verify(fleet, envelope, latest);
    const list = parseTrustBytes(Buffer.from(envelope.payload, 'base64'));
    const { version } = list;
    if (list.fleet !== fleet) throw refusal('trust-wrong-fleet', `the list is for '${list.fleet}'`);
    if (Date.parse(list.issued) > latest.getTime()) throw refusal('trust-not-yet-valid', `issued ${list.issued}`);
    if (Date.parse(list.expires) <= Date.now()) throw refusal('trust-expired', `expired ${list.expires}`);
    await this.#database.db.transaction().execute(async (tx) => {
      await lockTrustLists(tx);
      const present = await this.#findGenuine(tx, fleet);
      if (present?.envelope.payload === envelope.payload) return;
      if (present !== null && version <= present.version)
        throw refusal('trust-older', `version ${version}, the relay has ${present.version}`);
      await putTrustList(tx, fleet, version, envelope);
    });
    this.#log.info({ fleet, version }, 'trust list received');
    this.#send(fleetRoutingKey(fleet), envelope, Date.parse(list.expires));
    return { version, envelope };
  }

  /** Null when there is none that the present root keys have signed. */
  find(fleet: string): Promise<StoredList | null> {
    return this.#findGenuine(this.#database.db, fleet);
  }

  /** A list in the database was accepted once. The operator may have other root keys now. */
  async #findGenuine(db: Db, fleet: string): Promise<StoredList | null> {
    const row = await findTrustList(db, fleet);
    if (row === undefined) return null;
    const { version, envelope } = row;
    const digest = sha256Hex(JSON.stringify(envelope));
    let verified = this.#verified.get(fleet);
    if (verified?.digest !== digest) {
      verified = { digest, isGenuine: await this.#isGenuine(fleet, envelope) };
      this.#verified.set(fleet, verified);
    }
    return verified.isGenuine ? { version, envelope } : null;
  }

  async #isGenuine(fleet: string, envelope: TrustEnvelope): Promise<boolean> {
    try {
      await this.#roots.verify(fleet, envelope, latestNow());
      return true;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      this.#log.warn({ fleet, reason: error.message }, 'the trust list that was kept is not carried any more');
      return false;
    }
  }

  /** Sends the list to agents whose heartbeats tell of an older one. */
  async catchUp(heartbeats: Iterable<Heartbeat>): Promise<void> {
    const listening = [...heartbeats].filter(({ trust }) => trust !== undefined);
    if (listening.length === 0 || this.#channel === undefined) return;
    const versions = await listTrustVersions(this.#database.db);
    const behind = listening.filter(({ fleet, trust }) => (trust?.version ?? 0) < (versions.get(fleet) ?? 0));
    for (const fleet of new Set(behind.map((heartbeat) => heartbeat.fleet))) {
      const list = await this.find(fleet);
      if (list === null) continue;
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

  /** A list that is lost here is sent again: an agent tells its version with every heartbeat. */
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
