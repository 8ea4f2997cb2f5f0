/** Permissions: RabbitMQ's model of patterns per user, so that the same lines configure either broker. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Table } from './codec.ts';

/** Routing keys that an account may publish with (`write`) and bind queues by (`read`) at one topic exchange. */
export interface TopicPermission {
  readonly exchange: string;
  readonly write: RegExp;
  readonly read: RegExp;
}

/** Limits of one connection of an account. */
interface AccountLimits {
  readonly channels: number;
  /** On one channel. */
  readonly consumers: number;
  /** Deliveries to one consumer that wait for its acknowledgement. */
  readonly unacknowledged: number;
  readonly frameBytes: number;
}

/**
 * For an account that many clients share: what RabbitMQ cannot hold them to. Each connection belongs to the first member
 * that it names, makes queues of one kind only, and removes nothing.
 */
interface SharedAccount {
  /** Whose a queue or a routing key is; null when it is nobody's alone. */
  readonly memberOf: (name: string) => string | null;
  readonly queueArguments: Table;
}

export interface BrokerUser {
  readonly name: string;
  readonly password: string;
  /** Each must match the whole name; the default exchange goes by `amq.default`. */
  readonly configure: RegExp;
  readonly write: RegExp;
  readonly read: RegExp;
  /** At exchanges that are not listed every routing key is allowed. */
  readonly topics: readonly TopicPermission[];
  readonly limits: AccountLimits;
  readonly shared: SharedAccount | null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Reads a SASL PLAIN response (RFC 4616) and finds its user; null when name or password are wrong. */
export function authenticate(users: readonly BrokerUser[], response: Buffer): BrokerUser | null {
  const [, name, password, ...rest] = response.toString('utf8').split('\0');
  if (name === undefined || password === undefined || rest.length > 0) return null;
  const user = users.find((candidate) => candidate.name === name);
  const given = digest(password);
  const known = user === undefined ? digest('') : digest(user.password);
  return timingSafeEqual(given, known) && user !== undefined ? user : null;
}
