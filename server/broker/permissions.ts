/** Who may do what: RabbitMQ's model of three patterns per user, so that the same lines configure either broker. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { AmqpError } from './amqp-error.ts';

export interface BrokerUser {
  readonly name: string;
  readonly password: string;
  /** Each must match the whole name; the default exchange goes by `amq.default`. */
  readonly configure: RegExp;
  readonly write: RegExp;
  readonly read: RegExp;
}

export type Access = 'configure' | 'write' | 'read';

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

/** @throws AmqpError access-refused */
export function assertAccess(user: BrokerUser, access: Access, kind: 'queue' | 'exchange', name: string): void {
  const resource = name === '' ? 'amq.default' : name;
  if (!user[access].test(resource))
    throw new AmqpError('access-refused', `${access} access to ${kind} '${resource}' refused for user '${user.name}'`);
}
