// amqplib publishes no types for its codec; these are the parts that the broker uses.
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
