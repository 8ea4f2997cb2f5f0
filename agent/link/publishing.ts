/** Errors of publishing. They are the link's; every other error belongs to one message. */
import type { Channel } from 'amqplib';
import { CodedError } from '../../protocol/base/coded-error.ts';

export type PublishCode =
  /** Unconfirmed: to be sent again on the next link. */
  | 'link-lost'
  /** The broker has no queue for it yet, or no room. */
  | 'not-taken'
  /** The broker will never take it. */
  | 'too-large';

/** Resolves when the broker has confirmed the message. @throws CodedError<PublishCode> and nothing else */
export type PublishReport = (message: Buffer) => Promise<void>;

const codes: ReadonlySet<string> = new Set<PublishCode>(['link-lost', 'not-taken', 'too-large']);

export function isPublishError(error: unknown): error is CodedError<PublishCode> {
  return error instanceof CodedError && codes.has(error.code);
}

/** It may be closed already. */
export function closeQuietly(channel: Channel): void {
  Promise.resolve()
    .then(() => channel.close())
    .catch(() => {});
}
