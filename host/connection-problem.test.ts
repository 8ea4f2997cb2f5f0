/** Failures of real connections: each has a reason without OpenSSL's numbers, and a hint of its own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { before, describe, test } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { connect, type SocketOptions } from 'amqplib';
import { generate } from 'selfsigned';
import { type ConnectionProblem, type ConnectionSettings, explainConnection } from './connection-problem.ts';

const settings: ConnectionSettings = {
  peer: 'the broker',
  url: 'MIG_AMQP_URL',
  ca: 'MIG_AMQP_CA',
  clientCertificate: 'MIG_AMQP_CERT',
};
const dayMs = 86_400_000;

interface Signed {
  readonly cert: string;
  readonly key: string;
}
let ca: Signed;
let other: Signed;

async function makeCa(name: string): Promise<Signed> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { cert, key };
}

async function sign(fromDays: number, toDays: number, ip = '127.0.0.1'): Promise<Signed> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'broker' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca,
    notBeforeDate: new Date(Date.now() + fromDays * dayMs),
    notAfterDate: new Date(Date.now() + toDays * dayMs),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip }] }],
  });
  return { cert, key };
}

function ignoreErrors(socket: Socket): void {
  socket.on('error', () => {});
}

function serveTls(options: TlsOptions): Server {
  const server = createTlsServer(options, ignoreErrors);
  server.on('tlsClientError', () => {});
  return server;
}

async function fail(server: Server, scheme: 'amqp' | 'amqps', options: SocketOptions = {}): Promise<ConnectionProblem> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const error: unknown = await connect(`${scheme}://user:s3cret@127.0.0.1:${port}/`, {
      timeout: 5000,
      ...options,
    }).then(
      () => assert.fail('expected no connection'),
      (cause: unknown) => cause,
    );
    return explainConnection(error, settings);
  } finally {
    server.close();
  }
}

function assertPlain({ reason, hint }: ConnectionProblem): void {
  for (const text of [reason, hint]) assert.doesNotMatch(text, /error:|[0-9A-F]{8}|\.c:|s3cret|\n/);
}

describe('a connection that is not made says why and what to do', () => {
  before(async () => {
    [ca, other] = await Promise.all([makeCa('ours'), makeCa('other')]);
  });

  interface Case {
    readonly name: string;
    readonly serve: () => Promise<Server>;
    readonly options?: () => SocketOptions;
    readonly scheme?: 'amqp';
    readonly reason: RegExp;
    readonly hint: RegExp;
  }
  const trusting = (): SocketOptions => ({ ca: ca.cert });
  const asking = async (): Promise<Server> =>
    serveTls({ ...(await sign(-1, 1)), requestCert: true, rejectUnauthorized: true, ca: ca.cert });
  const cases: readonly Case[] = [
    {
      name: 'an unknown CA',
      serve: async () => serveTls(await sign(-1, 1)),
      options: () => ({}),
      reason: /trusted CA/,
      hint: /MIG_AMQP_CA/,
    },
    { name: 'a certificate of its own', serve: async () => serveTls(other), reason: /trusted CA/, hint: /MIG_AMQP_CA/ },
    {
      name: 'an expired certificate',
      serve: async () => serveTls(await sign(-3, -1)),
      reason: /has expired/,
      hint: /renew/,
    },
    {
      name: 'a certificate of tomorrow',
      serve: async () => serveTls(await sign(1, 3)),
      reason: /not valid yet/,
      hint: /clock/,
    },
    {
      name: 'another name',
      serve: async () => serveTls(await sign(-1, 1, '127.0.0.9')),
      reason: /another name/,
      hint: /subjectAltName/,
    },
    { name: 'no client certificate', serve: asking, reason: /client certificate/, hint: /MIG_AMQP_CERT/ },
    {
      name: 'no client certificate, in TLS 1.2',
      serve: async () =>
        serveTls({
          ...(await sign(-1, 1)),
          requestCert: true,
          rejectUnauthorized: true,
          ca: ca.cert,
          maxVersion: 'TLSv1.2',
        }),
      reason: /client certificate/,
      hint: /MIG_AMQP_CERT/,
    },
    {
      name: 'a client certificate of another CA',
      serve: asking,
      options: () => ({ ca: ca.cert, ...other }),
      reason: /closed the connection|client certificate/,
      hint: /MIG_AMQP_CERT/,
    },
    {
      name: 'a certificate with the key of another',
      serve: asking,
      options: () => ({ ca: ca.cert, cert: ca.cert, key: other.key }),
      reason: /not that of its key/,
      hint: /MIG_AMQP_CERT/,
    },
    {
      name: 'TLS to a port without it',
      serve: async () =>
        createServer((socket) => {
          ignoreErrors(socket);
          socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
        }),
      reason: /does not speak TLS/,
      hint: /5671/,
    },
    {
      name: 'no TLS to a port with it',
      serve: async () => serveTls(await sign(-1, 1)),
      scheme: 'amqp',
      reason: /closed/,
      hint: /amqps/,
    },
    {
      name: 'another protocol',
      serve: async () =>
        createServer((socket) => {
          ignoreErrors(socket);
          socket.end('AMQP\u0000\u0001\u0000\u0000');
        }),
      scheme: 'amqp',
      reason: /AMQP 0-9-1/,
      hint: /5672/,
    },
  ];
  for (const { name, serve, options = trusting, scheme = 'amqps', reason, hint } of cases)
    test(name, async () => {
      const problem = await fail(await serve(), scheme, options());
      assertPlain(problem);
      assert.match(problem.reason, reason);
      assert.match(problem.hint, hint);
    });

  test('a port where nobody listens, and a name that nobody knows', async () => {
    for (const [url, reason, hint] of [
      ['amqp://user:s3cret@127.0.0.1:1/', /nothing listens/, /start the broker/],
      ['amqp://user:s3cret@no-such-host.invalid/', /no address/, /DNS/],
    ] as const) {
      const error: unknown = await connect(url).catch((cause: unknown) => cause);
      const problem = explainConnection(error, settings);
      assertPlain(problem);
      assert.match(problem.reason, reason);
      assert.match(problem.hint, hint);
    }
  });

  test('what PostgreSQL and RabbitMQ refuse', () => {
    const codedOf = (code: string): Error => Object.assign(new Error('refused'), { code });
    const messages: readonly [Error, RegExp][] = [
      [codedOf('28P01'), /user or password/],
      [
        Object.assign(new Error('database "migg" does not exist'), { code: '3D000' }),
        /^database "migg" does not exist$/,
      ],
      [codedOf('53300'), /no connection left/],
      [codedOf('57P01'), /starts or stops/],
      [
        new Error('Connection closed: 320 (CONNECTION-FORCED) with message "CONNECTION_FORCED - broker forced ..."'),
        /starts or stops/,
      ],
      [codedOf('ERR_SSL_EE_KEY_TOO_SMALL'), /too weak/],
      [codedOf('INVALID_PURPOSE'), /not one for servers/],
      [new Error('Handshake terminated by server: 403 (ACCESS-REFUSED)'), /user or password/],
      [new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>'), /virtual host/],
      [
        new Error('Channel closed by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - ..."'),
        /what it needs/,
      ],
      [
        new Error('Operation failed: QueueDeclare; 406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED"'),
        /another kind/,
      ],
    ];
    const hints = messages.map(([error, reason]) => {
      const problem = explainConnection(error, settings);
      assert.match(problem.reason, reason);
      return problem.hint;
    });
    assert.equal(new Set(hints).size, 9);
  });

  test('what nobody has seen yet is told as it came', () => {
    const { reason, hint } = explainConnection(new Error('something new'), settings);
    assert.equal(reason, 'something new');
    assert.match(hint, /MIG_AMQP_URL/);
  });
});
