// amqplib publishes no types for its inner classes; these are the parts that are changed here.
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
