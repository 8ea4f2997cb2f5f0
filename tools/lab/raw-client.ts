/** An AMQP client that sends anything, frame by frame, and need not read the answers. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { protocolHeader } from '../../server/broker/codec.ts';
import { encodeFrameOfClient, encodeMethodOfClient, startOk } from '../../server/testing/client-frames.ts';

function shortString(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
}

const basicPublish = [60, 40] as const;

export class RawClient {
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.resume();
  }

  /** @param ca PEM, for `amqps:`. Resolves when the connection is open. */
  static async connect(address: string, ca?: string): Promise<RawClient> {
    const url = new URL(address);
    const to = { host: url.hostname, port: Number(url.port) };
    const socket =
      url.protocol === 'amqps:' ? connectTls({ ...to, ...(ca === undefined ? {} : { ca }) }) : connectSocket(to);
    const client = new RawClient(socket);
    await once(socket, url.protocol === 'amqps:' ? 'secureConnect' : 'connect');
    const login = Buffer.from(`\0${url.username}\0${url.password}`);
    const vhost = decodeURIComponent(url.pathname.slice(1)) || '/';
    socket.write(protocolHeader);
    socket.write(encodeMethodOfClient(0, 10, 11, startOk(login)));
    // The largest frames that were offered, no heartbeats.
    socket.write(encodeMethodOfClient(0, 10, 31, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0])));
    socket.write(encodeMethodOfClient(0, 10, 40, Buffer.concat([shortString(vhost), Buffer.from([0, 0])])));
    await client.answered(10, 41);
    return client;
  }

  /** Resolves when this method has come in a piece of its own. */
  async answered(classId: number, methodId: number): Promise<void> {
    const wanted = Buffer.from([0, classId, 0, methodId]);
    for (;;) {
      const [bytes] = await once(this.socket, 'data', { signal: AbortSignal.timeout(20_000) });
      if (Buffer.isBuffer(bytes) && bytes.includes(wanted)) return;
    }
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /**
   * Waits while the peer does not take more.
   * @returns false when it is closed, or has taken nothing for `patienceMs`.
   */
  async write(bytes: Buffer, patienceMs = 20_000): Promise<boolean> {
    if (this.isClosed) return false;
    if (this.socket.write(bytes)) return true;
    const over = new AbortController();
    const drained = await Promise.race([
      once(this.socket, 'drain', { signal: over.signal }).then(
        () => true,
        () => false,
      ),
      once(this.socket, 'close', { signal: over.signal }).then(
        () => false,
        () => false,
      ),
      sleep(patienceMs, false, { signal: over.signal }).catch(() => false),
    ]);
    over.abort();
    return drained;
  }

  openChannel(channel: number): Promise<boolean> {
    return this.write(encodeMethodOfClient(channel, 20, 10, Buffer.from([0])));
  }

  /** The method and the header of a message of this size; its body is to follow. */
  beginMessage(channel: number, exchange: string, routingKey: string, sizeBytes: number): Promise<boolean> {
    const fields = [Buffer.from([0, 0]), shortString(exchange), shortString(routingKey), Buffer.from([0])];
    const header = Buffer.alloc(14);
    header.writeUInt16BE(60, 0);
    header.writeBigUInt64BE(BigInt(sizeBytes), 4);
    return this.write(
      Buffer.concat([
        encodeMethodOfClient(channel, ...basicPublish, Buffer.concat(fields)),
        encodeFrameOfClient(2, channel, header),
      ]),
    );
  }

  sendBody(channel: number, bytes: Buffer): Promise<boolean> {
    return this.write(encodeFrameOfClient(3, channel, bytes));
  }

  close(): void {
    this.socket.destroy();
  }
}
