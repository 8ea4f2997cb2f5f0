// amqplib publishes no types for its inner classes; this is the part that is changed here.
declare module '*/amqplib/lib/connection.js' {
  export class Connection {
    on(event: 'error', listener: (error: unknown) => void): this;
    open(...parameters: unknown[]): void;
  }
}
