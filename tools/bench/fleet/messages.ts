/** Messages between the benchmark and the processes of its agents (node:child_process, IPC). */
import * as z from 'zod';

export const Order = z.discriminatedUnion('kind', [
  /** Makes `count` agents, named by their number from `first` on, and connects them; answered by `connected`. */
  z.strictObject({
    kind: z.literal('connect'),
    amqpUrl: z.string(),
    /** The environment that the agents claim. */
    fleet: z.string(),
    first: z.int(),
    count: z.int(),
    heartbeatSeconds: z.number(),
    /** Armored, of the one investigator whose signature counts. */
    investigatorKey: z.string(),
  }),
  /** Answered by `received`, with what came since the last one. The end of the channel ends the process. */
  z.strictObject({ kind: z.literal('tell') }),
]);
export type Order = z.infer<typeof Order>;
export type ConnectOrder = Extract<Order, { kind: 'connect' }>;

export const Told = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('connected') }),
  z.strictObject({
    kind: z.literal('received'),
    commands: z.int(),
    refused: z.int(),
    /** When the first and the last command came, ms since the epoch; null when none did. */
    firstMs: z.number().nullable(),
    lastMs: z.number().nullable(),
  }),
]);
export type Told = z.infer<typeof Told>;
export type Received = Extract<Told, { kind: 'received' }>;

/** Milliseconds since the epoch with fractions; processes of one machine agree on it. */
export function preciseNowMs(): number {
  return performance.timeOrigin + performance.now();
}
