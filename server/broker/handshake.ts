/** The opening of a connection (AMQP 0-9-1, 2.2.4): who it is, how large frames are, which virtual host. */
import { AmqpError } from './amqp-error.ts';
import { type ClientMethod, minimumFrameBytes, type ServerMethodName } from './codec.ts';
import { authenticate, type BrokerUser } from './permissions.ts';

const suggestedHeartbeatSeconds = 60;

/** Properties that the client is greeted with. */
export const connectionStart = {
  versionMajor: 0,
  versionMinor: 9,
  serverProperties: {
    product: 'mig-server',
    capabilities: {
      publisher_confirms: true,
      'basic.nack': true,
      consumer_cancel_notify: true,
      authentication_failure_close: true,
    },
  },
  mechanisms: Buffer.from('PLAIN'),
  locales: Buffer.from('en_US'),
};

/** The agreed parameters of a connection. */
export interface Opened {
  readonly user: BrokerUser;
  readonly frameBytes: number;
  /** 0 for none. */
  readonly heartbeatSeconds: number;
}

export interface HandshakeStep {
  readonly reply: { readonly name: ServerMethodName; readonly fields: object } | null;
  /** Set with the last step. */
  readonly opened: Opened | null;
}

type FieldsOf<Kind extends ClientMethod['kind']> = Extract<ClientMethod, { kind: Kind }>['fields'];

export class Handshake {
  readonly #users: readonly BrokerUser[];
  readonly #virtualHost: string;
  #user: BrokerUser | undefined;
  #tuned: { readonly frameBytes: number; readonly heartbeatSeconds: number } | undefined;

  constructor(users: readonly BrokerUser[], virtualHost: string) {
    this.#users = users;
    this.#virtualHost = virtualHost;
  }

  /** @throws AmqpError when the method is not the one that comes next, or its offer is not acceptable */
  handle(method: ClientMethod): HandshakeStep {
    if (method.kind === 'ConnectionStartOk' && this.#user === undefined) return this.#logIn(method.fields);
    if (method.kind === 'ConnectionTuneOk' && this.#user !== undefined && this.#tuned === undefined)
      return this.#tune(method.fields, this.#user.limits.frameBytes);
    if (method.kind === 'ConnectionOpen' && this.#user !== undefined && this.#tuned !== undefined) {
      if (method.fields.virtualHost !== this.#virtualHost)
        throw new AmqpError('not-allowed', `vhost ${method.fields.virtualHost} not found`);
      return { reply: { name: 'ConnectionOpenOk', fields: {} }, opened: { user: this.#user, ...this.#tuned } };
    }
    throw new AmqpError('command-invalid', `unexpected ${method.kind}`);
  }

  #logIn(fields: FieldsOf<'ConnectionStartOk'>): HandshakeStep {
    const user = fields.mechanism === 'PLAIN' ? authenticate(this.#users, fields.response) : null;
    if (user === null) throw new AmqpError('access-refused', 'login was refused using authentication mechanism PLAIN');
    this.#user = user;
    const { channels, frameBytes } = user.limits;
    const offer = { channelMax: channels, frameMax: frameBytes, heartbeat: suggestedHeartbeatSeconds };
    return { reply: { name: 'ConnectionTune', fields: offer }, opened: null };
  }

  #tune(fields: FieldsOf<'ConnectionTuneOk'>, maximumFrameBytes: number): HandshakeStep {
    const frameBytes = fields.frameMax === 0 ? maximumFrameBytes : fields.frameMax;
    if (frameBytes < minimumFrameBytes || frameBytes > maximumFrameBytes)
      throw new AmqpError('not-allowed', `negotiated frame_max = ${frameBytes} is not acceptable`);
    this.#tuned = { frameBytes, heartbeatSeconds: fields.heartbeat };
    return { reply: null, opened: null };
  }
}
