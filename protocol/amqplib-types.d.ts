// amqplib publishes no types for its inner parts; these are the ones that are used or changed.
declare module '*/amqplib/lib/connection.js' {
  export interface Closable {
    closeBecause(this: this, reason: string, code: number, onClosed?: () => void): void;
    once(event: 'close', listener: () => void): this;
  }

  export class Connection implements Closable {
    on(event: 'error', listener: (error: unknown) => void): this;
    once(event: 'close', listener: () => void): this;
    open(...parameters: unknown[]): void;
    closeBecause(reason: string, code: number, onClosed?: () => void): void;
  }
}

declare module '*/amqplib/lib/channel.js' {
  import type { Closable } from '*/amqplib/lib/connection.js';

  export class BaseChannel implements Closable {
    once(event: 'close', listener: () => void): this;
    closeBecause(reason: string, code: number, onClosed?: () => void): void;
  }
}

declare module '*/amqplib/lib/defs.js' {
  const defs: {
    readonly encodeMethod: (id: number, channel: number, fields: object) => Buffer;
    readonly decode: (id: number, bytes: Buffer) => Readonly<Record<string, unknown>>;
    readonly info: (id: number) => { readonly name: string };
    readonly [method: string]: unknown;
  };
  export default defs;
}

declare module '*/amqplib/lib/frame.js' {
  const frame: {
    readonly PROTOCOL_HEADER: string;
    readonly HEARTBEAT_BUF: Buffer;
    readonly parseFrame: (
      bytes: Buffer,
      maximumPayloadBytes: number,
    ) => false | { readonly type: number; readonly channel: number; readonly payload: Buffer; readonly rest: Buffer };
  };
  export default frame;
}
