/** Permissions of a connection: those of its account and, where many share the account, its own part of it. */
import { isDeepStrictEqual } from 'node:util';
import { AmqpError } from './amqp-error.ts';
import type { Table } from './codec.ts';
import type { BrokerUser } from './permissions.ts';

export type AccessKind = 'configure' | 'write' | 'read';

export class BrokerAccess {
  readonly user: BrokerUser;
  #member: string | null = null;

  constructor(user: BrokerUser) {
    this.user = user;
  }

  /** @throws AmqpError access-refused */
  assert(access: AccessKind, kind: 'queue' | 'exchange', name: string): void {
    const resource = name === '' ? 'amq.default' : name;
    if (!this.user[access].test(resource)) this.#refuse(`${access} access to ${kind} '${resource}'`);
    if (kind === 'queue') this.#assertOwn(name);
  }

  /** @throws AmqpError access-refused */
  assertTopic(access: 'write' | 'read', exchange: string, routingKey: string): void {
    const topic = this.user.topics.find((permission) => permission.exchange === exchange);
    if (topic !== undefined && !topic[access].test(routingKey))
      this.#refuse(`${access} access to topic '${routingKey}' in exchange '${exchange}'`);
    this.#assertOwn(routingKey);
  }

  #assertOwn(name: string): void {
    const member = this.user.shared?.memberOf(name) ?? null;
    if (member === null) return;
    this.#member ??= member;
    if (member !== this.#member) this.#refuse(`'${name}' on a connection that is another's`);
  }

  /**
   * Asking for a queue without making it, and binding one: on a shared account its own only, and not one of the servers'.
   * @throws AmqpError access-refused
   */
  assertMayUse(queue: string): void {
    if (this.user.shared !== null) this.assert('configure', 'queue', queue);
  }

  /** @throws AmqpError access-refused, precondition-failed */
  assertMayMake(queue: string, durable: boolean, queueArguments: Table): void {
    this.assert('configure', 'queue', queue);
    const { shared } = this.user;
    if (shared !== null && !(durable && isDeepStrictEqual({ ...queueArguments }, { ...shared.queueArguments })))
      throw new AmqpError('precondition-failed', `expected queue '${queue}' as this account has to declare it`);
  }

  /** @throws AmqpError access-refused */
  assertMayMakeExchange(exchange: string): void {
    this.assert('configure', 'exchange', exchange);
    if (this.user.shared !== null) this.#refuse(`configure access to exchange '${exchange}'`);
  }

  /**
   * Unbinding, purging and deleting: not on an account that many share, who could do it to each other.
   * @throws AmqpError access-refused
   */
  assertMayRemove(queue: string): void {
    if (this.user.shared !== null) this.#refuse(`removal from queue '${queue}'`);
  }

  #refuse(what: string): never {
    throw new AmqpError('access-refused', `${what} refused for user '${this.user.name}'`);
  }
}
