/**
 * Brings commands and cancellations from the outbox to the broker. A row leaves the outbox only when the broker has
 * confirmed it, in the same transaction that marks the command as sent; whoever dies in between leaves a lease behind
 * that runs out. Several servers empty one outbox together.
 */

import type { Log } from '../../host/log.ts';
import type { ActionId, CommandId } from '../../protocol/base/identifiers.ts';
import { CommandSender, type OutgoingAction, type OutgoingCommand } from '../amqp/command-sender.ts';
import { findOutgoingAction } from '../database/actions.ts';
import { recordSent } from '../database/commands.ts';
import type { Database } from '../database/database.ts';
import type { QueuedCommand } from '../database/dispatch.ts';
import {
  deleteCancellations,
  findNextLease,
  type Lease,
  leaseBatch,
  leaseDue,
  type OutboxEntry,
  releaseLeases,
} from '../database/outbox.ts';
import type { Failures } from '../failures.ts';
import { Waker } from './waker.ts';

/** Batches under way at a time: while one is being recorded, the broker takes the next. */
const lanes = 2;
/** A lease that has run out is not looked for sooner. */
const shortestWaitMs = 1000;
/** After a notification: whoever wrote the rows publishes them itself, and this look is for the case that it cannot. */
const courtesyMs = 1000;

export class OutboxPublisher {
  readonly sender: CommandSender;
  readonly #database: Database;
  readonly #log: Log;
  readonly #failures: Failures;
  readonly #waker: Waker;

  constructor(database: Database, failures: Failures, log: Log) {
    this.#database = database;
    this.#log = log;
    this.#failures = failures;
    this.sender = new CommandSender(log, () => this.wake());
    this.#waker = new Waker({
      look: () => this.#look(),
      work: failures.ofWork('outbox not readable, will retry', 'outbox is readable again'),
      courtesyMs,
    });
    database.notifications.on('mig_outbox', () => this.#waker.wakeSoon());
  }

  /**
   * Publishes commands of a new action that the caller has leased and committed, without asking the database for them,
   * and then whatever else is due. Never rejects.
   */
  async publish(id: ActionId, action: OutgoingAction, leased: readonly QueuedCommand[]): Promise<void> {
    const [first] = leased;
    if (leased.length === leaseBatch) this.wake();
    if (first !== undefined) await this.#publishBatch(id, action, first.lease, leased);
  }

  async #publishBatch(
    id: ActionId,
    action: OutgoingAction,
    lease: Lease,
    commands: readonly OutgoingCommand[],
  ): Promise<void> {
    try {
      const { sent, unroutable, failed } = await this.sender.sendCommands(action, commands);
      // An agent without a queue gets its commands when it comes up: its heartbeat puts them back.
      if (failed.length < commands.length) await recordSent(this.#database.db, id, lease, sent, unroutable);
      if (failed.length > 0) await this.#giveBack(failed);
    } catch (error) {
      this.#failures.report(error, 'commands not recorded as sent, will retry', { action: id });
    }
  }

  async #publishCancellations(
    id: ActionId,
    expireafter: Date,
    lease: Lease,
    commands: readonly OutgoingCommand[],
  ): Promise<void> {
    const { sent, unroutable, failed } = await this.sender.sendCancellations(id, expireafter, commands);
    await deleteCancellations(this.#database.db, lease, [...sent, ...unroutable]);
    if (failed.length > 0) await this.#giveBack(failed);
  }

  /** Without a broker somebody else may have one; with one that refuses, the lease is the time to wait. */
  async #giveBack(commands: readonly CommandId[]): Promise<void> {
    if (!this.sender.isReady) return releaseLeases(this.#database.db, commands);
    this.#log.warn({ commands: commands.length }, 'broker did not take commands, will retry');
  }

  /** Looks into the outbox; many calls at once cost one look. */
  wake(): void {
    this.#waker.wake();
  }

  /** @returns in how many milliseconds the next lease runs out. */
  async #look(): Promise<number | null> {
    if (this.sender.isReady && (await this.#drainOnce()))
      await Promise.all(Array.from({ length: lanes }, () => this.#drain()));
    const next = await findNextLease(this.#database.db);
    return next === null ? null : Math.max(next.getTime() - Date.now() + 1, shortestWaitMs);
  }

  async #drain(): Promise<void> {
    while (await this.#drainOnce());
  }

  /** @returns whether there may be more. */
  async #drainOnce(): Promise<boolean> {
    const entries = await leaseDue(this.#database.db);
    const byAction = new Map<ActionId, OutboxEntry[]>();
    for (const entry of entries) {
      const group = byAction.get(entry.action);
      if (group === undefined) byAction.set(entry.action, [entry]);
      else group.push(entry);
    }
    const lease = entries[0]?.lease ?? '';
    for (const [id, group] of byAction) {
      const action = await findOutgoingAction(this.#database.db, id);
      if (action === null) continue;
      const ofKind = (kind: OutboxEntry['kind']): OutgoingCommand[] =>
        group.filter((entry) => entry.kind === kind).map((entry) => ({ id: entry.command, agent: entry.agent }));
      const [commands, cancellations] = [ofKind('run'), ofKind('cancel')];
      if (commands.length > 0) await this.#publishBatch(id, action, lease, commands);
      if (cancellations.length > 0) await this.#publishCancellations(id, action.expireafter, lease, cancellations);
    }
    return entries.length === leaseBatch && this.sender.isReady && !this.#waker.isClosed;
  }

  close(): Promise<void> {
    return this.#waker.close();
  }
}
