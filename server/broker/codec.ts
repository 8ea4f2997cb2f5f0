/** AMQP 0-9-1 on the wire, through amqplib's own codec. */
import { codec } from '../../protocol/amqplib-internals.ts';

const { defs, frame } = codec;

export const protocolHeader = Buffer.from(frame.PROTOCOL_HEADER, 'latin1');
export const heartbeatFrame = frame.HEARTBEAT_BUF;
export const frameOverheadBytes = 8;
/** The largest frame before sizes are negotiated (frame-min-size). */
export const minimumFrameBytes = 4096;

export const frameTypes = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
const frameEnd = 206;
const basicClass = 60;

export type Table = Readonly<Record<string, unknown>>;

/** Methods of clients that this broker understands, with the fields that it reads. */
interface ClientMethods {
  ConnectionStartOk: { clientProperties: Table; mechanism: string; response: Buffer };
  ConnectionTuneOk: { channelMax: number; frameMax: number; heartbeat: number };
  ConnectionOpen: { virtualHost: string };
  ConnectionClose: { replyCode: number; replyText: string };
  ConnectionCloseOk: object;
  ChannelOpen: object;
  ChannelClose: object;
  ChannelCloseOk: object;
  ExchangeDeclare: {
    exchange: string;
    type: string;
    passive: boolean;
    durable: boolean;
    autoDelete: boolean;
    internal: boolean;
    nowait: boolean;
    arguments: Table;
  };
  QueueDeclare: {
    queue: string;
    passive: boolean;
    durable: boolean;
    exclusive: boolean;
    autoDelete: boolean;
    nowait: boolean;
    arguments: Table;
  };
  QueueBind: { queue: string; exchange: string; routingKey: string; nowait: boolean; arguments: Table };
  QueueUnbind: { queue: string; exchange: string; routingKey: string; arguments: Table };
  QueuePurge: { queue: string; nowait: boolean };
  QueueDelete: { queue: string; ifUnused: boolean; ifEmpty: boolean; nowait: boolean };
  BasicQos: { prefetchSize: number; prefetchCount: number; global: boolean };
  BasicConsume: {
    queue: string;
    consumerTag: string;
    noLocal: boolean;
    noAck: boolean;
    exclusive: boolean;
    nowait: boolean;
    arguments: Table;
  };
  BasicCancel: { consumerTag: string; nowait: boolean };
  BasicPublish: { exchange: string; routingKey: string; mandatory: boolean; immediate: boolean };
  BasicAck: { deliveryTag: number; multiple: boolean };
  BasicNack: { deliveryTag: number; multiple: boolean; requeue: boolean };
  BasicReject: { deliveryTag: number; requeue: boolean };
  ConfirmSelect: { nowait: boolean };
}
type ClientMethodName = keyof ClientMethods;
export type ClientMethod = {
  [Name in ClientMethodName]: { readonly kind: Name; readonly fields: Readonly<ClientMethods[Name]> };
}[ClientMethodName];

const clientMethodNames: readonly ClientMethodName[] = [
  'ConnectionStartOk',
  'ConnectionTuneOk',
  'ConnectionOpen',
  'ConnectionClose',
  'ConnectionCloseOk',
  'ChannelOpen',
  'ChannelClose',
  'ChannelCloseOk',
  'ExchangeDeclare',
  'QueueDeclare',
  'QueueBind',
  'QueueUnbind',
  'QueuePurge',
  'QueueDelete',
  'BasicQos',
  'BasicConsume',
  'BasicCancel',
  'BasicPublish',
  'BasicAck',
  'BasicNack',
  'BasicReject',
  'ConfirmSelect',
];
const nameById = new Map(clientMethodNames.map((name) => [defs[name], name]));

/** Methods that the broker sends. */
export type ServerMethodName =
  | 'ConnectionStart'
  | 'ConnectionTune'
  | 'ConnectionOpenOk'
  | 'ConnectionClose'
  | 'ConnectionCloseOk'
  | 'ChannelOpenOk'
  | 'ChannelClose'
  | 'ChannelCloseOk'
  | 'ExchangeDeclareOk'
  | 'QueueDeclareOk'
  | 'QueueBindOk'
  | 'QueueUnbindOk'
  | 'QueuePurgeOk'
  | 'QueueDeleteOk'
  | 'BasicQosOk'
  | 'BasicConsumeOk'
  | 'BasicCancelOk'
  | 'BasicCancel'
  | 'BasicDeliver'
  | 'BasicReturn'
  | 'BasicAck'
  | 'BasicNack'
  | 'ConfirmSelectOk';

export interface Frame {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

/** Takes the first whole frame off `bytes`; null when it is not all there. Throws on what can never be a frame. */
export function takeFrame(bytes: Buffer, maximumFrameBytes: number): { frame: Frame; rest: Buffer } | null {
  const parsed = frame.parseFrame(bytes, maximumFrameBytes - frameOverheadBytes);
  return parsed === false ? null : { frame: parsed, rest: parsed.rest };
}

/** Null for methods that this broker does not have. Throws when the payload is malformed. */
export function decodeMethod(payload: Buffer): ClientMethod | null {
  const id = payload.readUInt32BE(0);
  const kind = nameById.get(id);
  if (kind === undefined) return null;
  // The codec reads each field as its method defines it, so the shape follows from the name.
  return { kind, fields: defs.decode(id, payload.subarray(4)) } as ClientMethod;
}

export function encodeMethod(name: ServerMethodName, channel: number, fields: object): Buffer {
  return defs.encodeMethod(Number(defs[name]), channel, fields);
}

/** The properties that a broker acts on; the rest passes through as bytes. */
export interface ContentHeader {
  readonly sizeBytes: number;
  readonly expiration: string | undefined;
}

/** Throws when the payload is malformed. */
export function decodeHeader(payload: Buffer): ContentHeader {
  if (payload.readUInt16BE(0) !== basicClass) throw new TypeError('expected content of class basic');
  const { expiration } = defs.decode(basicClass, payload.subarray(12));
  return {
    sizeBytes: Number(payload.readBigUInt64BE(4)),
    expiration: typeof expiration === 'string' ? expiration : undefined,
  };
}

function encodeFrame(type: number, channel: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(payload.length + frameOverheadBytes);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(payload.length, 3);
  payload.copy(bytes, 7);
  bytes.writeUInt8(frameEnd, payload.length + 7);
  return bytes;
}

/** The frames of a message's content: its header as it came in, then the body cut to the receiver's frame size. */
export function encodeContent(channel: number, header: Buffer, body: Buffer, maximumFrameBytes: number): Buffer[] {
  const frames = [encodeFrame(frameTypes.header, channel, header)];
  const chunkBytes = maximumFrameBytes - frameOverheadBytes;
  for (let offset = 0; offset < body.length; offset += chunkBytes)
    frames.push(encodeFrame(frameTypes.body, channel, body.subarray(offset, offset + chunkBytes)));
  return frames;
}
