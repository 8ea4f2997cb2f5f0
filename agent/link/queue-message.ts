/** Check 4.3: what comes through an agent's queue is a command, a cancellation or a trust list. */
import * as z from 'zod';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { maximumCommandBytes, maximumCommandValues } from '../../protocol/base/limits.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';
import { CancelMessage, CommandMessage, TrustMessage } from '../../protocol/topology.ts';

const QueueMessage = z.union([CommandMessage, CancelMessage, TrustMessage]);
export type QueueMessage = z.infer<typeof QueueMessage>;

/** @returns the message, or in words why it is none. */
export function parseQueueMessage(body: Buffer): QueueMessage | string {
  try {
    const value = parseJson(body, { maxBytes: maximumCommandBytes, maxValues: maximumCommandValues });
    const parsed = QueueMessage.safeParse(value);
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return toMessage(error);
  }
}
