/** AMQP 0-9-1 as a client writes it, frame by frame, for those who want to write it wrong. */
import { frameOverheadBytes } from '../broker/codec.ts';

export function encodeFrameOfClient(type: number, channel: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(payload.length + frameOverheadBytes);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt16BE(channel, 1);
  bytes.writeUInt32BE(payload.length, 3);
  payload.copy(bytes, 7);
  bytes.writeUInt8(206, bytes.length - 1);
  return bytes;
}

export function encodeMethodOfClient(channel: number, classId: number, methodId: number, fields: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(classId, 0);
  head.writeUInt16BE(methodId, 2);
  return encodeFrameOfClient(1, channel, Buffer.concat([head, fields]));
}

/** The fields of `connection.start-ok`. */
export function startOk(response: Buffer, table: Buffer = Buffer.alloc(0)): Buffer {
  const tableLength = Buffer.alloc(4);
  tableLength.writeUInt32BE(table.length);
  const responseLength = Buffer.alloc(4);
  responseLength.writeUInt32BE(response.length);
  return Buffer.concat([
    tableLength,
    table,
    Buffer.from([5]),
    Buffer.from('PLAIN'),
    responseLength,
    response,
    Buffer.from([5]),
    Buffer.from('en_US'),
  ]);
}

/** Logs in, declares a queue, publishes to it and consumes from it; without the protocol header. */
export function clientSession(user: string, password: string): Buffer {
  const login = Buffer.from(`\0${user}\0${password}`);
  return Buffer.concat([
    encodeMethodOfClient(0, 10, 11, startOk(login)),
    encodeMethodOfClient(0, 10, 31, Buffer.from([0, 16, 0, 0, 32, 0, 0, 0])),
    encodeMethodOfClient(0, 10, 40, Buffer.from([1, 0x2f, 0, 0])),
    encodeMethodOfClient(1, 20, 10, Buffer.from([0])),
    encodeMethodOfClient(1, 50, 10, Buffer.from([0, 0, 1, 0x71, 2, 0, 0, 0, 0])),
    encodeMethodOfClient(1, 60, 40, Buffer.from([0, 0, 0, 1, 0x71, 0])),
    encodeFrameOfClient(2, 1, Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0])),
    encodeFrameOfClient(3, 1, Buffer.from('hi')),
    encodeMethodOfClient(1, 60, 20, Buffer.from([0, 0, 1, 0x71, 0, 0, 0, 0, 0, 0])),
  ]);
}
