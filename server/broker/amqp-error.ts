/** Faults in the terms of AMQP 0-9-1: the reply code goes to the peer, the scope says what is closed. */

/** Reply codes of the specification (1.1, constants), as far as they are used here. */
const replyCodes = {
  'connection-forced': 320,
  'no-route': 312,
  'access-refused': 403,
  'not-found': 404,
  'precondition-failed': 406,
  'frame-error': 501,
  'syntax-error': 502,
  'command-invalid': 503,
  'channel-error': 504,
  'unexpected-frame': 505,
  'not-allowed': 530,
  'not-implemented': 540,
} as const;
export type ReplyName = keyof typeof replyCodes;

/** Errors that leave the rest of the connection alone (RabbitMQ draws the line in the same place). */
const channelScope: ReadonlySet<ReplyName> = new Set(['access-refused', 'not-found', 'precondition-failed']);

export class AmqpError extends Error {
  readonly reply: ReplyName;

  constructor(reply: ReplyName, message: string) {
    super(message);
    this.name = 'AmqpError';
    this.reply = reply;
  }

  get scope(): 'channel' | 'connection' {
    return channelScope.has(this.reply) ? 'channel' : 'connection';
  }

  get replyCode(): number {
    return replyCodes[this.reply];
  }

  /** As RabbitMQ words it: `NOT_FOUND - no queue 'x'`; cut to what the field can hold. */
  get replyText(): string {
    const text = `${this.reply.toUpperCase().replaceAll('-', '_')} - ${this.message}`;
    return Buffer.from(text, 'utf8').subarray(0, 250).toString('utf8').replaceAll('\uFFFD', '');
  }
}
