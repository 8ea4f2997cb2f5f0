/** Every attack on the page's server that a web page, another port or another user of the machine can try. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod';
import { eventually } from '../../tools/lab/eventually.ts';
import { PageServer } from './page-server.ts';
import { findPeerUser } from './peer-user.ts';
import { answer } from './route.ts';
import { linkLifeMs, type Pairing, Sessions } from './sessions.ts';

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const told: string[] = [];
let pairing: Pairing | undefined;
let server: PageServer;
let port: number;
let host: string;

function start(): PageServer {
  return new PageServer({
    files: { html: '<!doctype html>', script: 'let a;', style: 'a {}', icon: '<svg/>' },
    routes: new Map([['/api/echo', answer(z.strictObject({ word: z.string().max(10) }), async (body) => body)]]),
    takeDownload: () => undefined,
    onPairing: (asked) => {
      pairing = asked;
    },
    onStolen: () => told.push('stolen'),
    onRefused: (code) => told.push(code),
  });
}

before(async () => {
  server = start();
  port = await server.listen();
  host = `127.0.0.1:${port}`;
});
after(() => server.close());

async function send({ method = 'POST', path = '/api/echo', headers = {}, body = '{"word":"a"}' }: Sent) {
  const outgoing = request({ host: '127.0.0.1', port, method, path, agent: false, setHost: false });
  for (const [name, value] of Object.entries({ host, 'content-type': 'application/json', ...headers }))
    outgoing.setHeader(name, value);
  outgoing.end(method === 'GET' ? undefined : body);
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', async (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
    });
  });
}

const Token = z.object({ token: z.string() });

async function admit(): Promise<string> {
  await send({ path: '/session/ask', body: '{}' });
  const { id, code } = pairing ?? { id: '', code: '' };
  server.sessions.decidePairing(code, true);
  return Token.parse(JSON.parse((await send({ path: '/session/take', body: JSON.stringify({ id }) })).body)).token;
}

describe('the gate', () => {
  const get = { method: 'GET', path: '/' };
  const attacks: readonly (readonly [name: string, sent: Sent, status: number, code: string])[] = [
    ['a name that was rebound to this address', { headers: { host: 'evil.example' } }, 421, 'wrong-host'],
    ['localhost, which has cookies and other servers', { headers: { host: 'localhost:1' } }, 421, 'wrong-host'],
    ['the right name with another port', { headers: { host: '127.0.0.1:1' } }, 421, 'wrong-host'],
    ['another origin', { headers: { origin: 'https://evil.example' } }, 403, 'foreign-origin'],
    ['a sandboxed frame', { headers: { origin: 'null' } }, 403, 'foreign-origin'],
    ['another port of this machine', { headers: { origin: 'http://127.0.0.1:1' } }, 403, 'foreign-origin'],
    ['a request of another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'foreign-site'],
    ['a request of another port', { headers: { 'sec-fetch-site': 'same-site' } }, 403, 'foreign-site'],
    ['data in the address bar', { headers: { 'sec-fetch-site': 'none' } }, 403, 'foreign-site'],
    [
      'the page in a link of another site',
      { ...get, headers: { 'sec-fetch-site': 'cross-site' } },
      403,
      'foreign-site',
    ],
    [
      'its script in a page of another site',
      { ...get, path: '/page.js', headers: { 'sec-fetch-site': 'cross-site' } },
      403,
      'foreign-site',
    ],
    ['a form, which sends no JSON', { headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
    ['no token', {}, 401, 'no-session'],
    ['a made-up token', { headers: { authorization: 'Bearer AAAA' } }, 401, 'no-session'],
    ['the token in a cookie', { headers: { cookie: 'token=AAAA' } }, 401, 'no-session'],
    ['another method', { method: 'PUT' }, 405, 'wrong-method'],
  ];
  for (const [name, sent, status, code] of attacks)
    it(`refuses ${name}`, async () => {
      const got = await send(sent);
      assert.equal(got.status, status);
      assert.equal(JSON.parse(got.body).code, code);
      assert.equal(got.headers['access-control-allow-origin'], undefined);
      assert.equal(got.headers['set-cookie'], undefined);
      assert.ok(told.includes(code));
    });

  it('lets in the page that the person opened, under a policy that runs no other script', async () => {
    const { status, headers } = await send({ ...get, headers: { 'sec-fetch-site': 'none' } });
    assert.equal(status, 200);
    const policy = String(headers['content-security-policy']);
    for (const part of ["default-src 'none'", "script-src 'self'", "trusted-types 'none'", "frame-ancestors 'none'"])
      assert.ok(policy.includes(part), part);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('answers a page that was let in', async () => {
    const token = await admit();
    const headers = { authorization: `Bearer ${token}`, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    assert.deepEqual(await send({ headers }).then(({ status, body }) => [status, body]), [200, '{"word":"a"}']);
  });

  it('refuses a body that is too large, or of another form, before anything is done', async () => {
    const headers = { authorization: `Bearer ${await admit()}` };
    const statusOf = async (body: string) => (await send({ headers, body })).status;
    assert.equal(await statusOf(JSON.stringify({ word: 'a'.repeat(1_000_000) })), 413);
    assert.equal(await statusOf(JSON.stringify({ word: 'a'.repeat(11) })), 400);
    assert.equal(await statusOf('{"word":"a","more":1}'), 400);
    assert.equal(await statusOf(`${'['.repeat(10_000)}`), 400);
  });

  it('ends a connection whose header is too large', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 431 /);
  });

  it('has room again soon after connections that say nothing have taken all of it', async () => {
    const silent = Array.from({ length: 64 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const isServed = (): Promise<boolean> =>
      send(get).then(
        ({ status }) => status === 200,
        () => false,
      );
    try {
      await eventually(isServed, 15_000, () => 'an answer');
    } finally {
      for (const socket of silent) socket.destroy();
    }
  });

  it('listens on the loopback address alone', async () => {
    const refused = await new Promise((resolve) => {
      connect(port, '127.0.0.2')
        .once('error', () => resolve(true))
        .once('connect', () => resolve(false));
    });
    assert.equal(refused, true);
  });
});

describe('the link', () => {
  it('is good once; a second use ends all pages', () => {
    const sessions = new Sessions();
    const first = sessions.useLink(sessions.link);
    assert.equal(first.kind, 'token');
    const token = first.kind === 'token' ? first.token : '';
    assert.equal(sessions.holds(token), true);
    assert.equal(sessions.useLink(sessions.link).kind, 'stolen');
    assert.equal(sessions.holds(token), false);
  });

  it('is good for a minute', () => {
    let nowMs = 0;
    const sessions = new Sessions(() => nowMs);
    nowMs = linkLifeMs + 1;
    assert.equal(sessions.useLink(sessions.link).kind, 'refused');
  });

  it('is not guessed', () => {
    const sessions = new Sessions();
    assert.equal(sessions.link.length, 43);
    assert.equal(sessions.useLink('').kind, 'refused');
  });
});

describe('pairing', () => {
  it('waits for the person, who compares the code', () => {
    const sessions = new Sessions();
    const asked = sessions.askPairing();
    assert.match(asked?.code ?? '', /^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const id = asked?.id ?? '';
    assert.equal(sessions.askPairing(), undefined, 'one page at a time, so that the person sees which');
    assert.equal(sessions.takePairing(id).kind, 'waiting');
    sessions.decidePairing('AAAA-AAAA', true);
    assert.equal(sessions.takePairing(id).kind, 'waiting', 'Enter was for another code');
    sessions.decidePairing(asked?.code ?? '', true);
    assert.equal(sessions.takePairing('another').kind, 'refused');
    assert.equal(sessions.takePairing(id).kind, 'token');
    assert.equal(sessions.takePairing(id).kind, 'refused', 'once');
  });
});

describe('the user at the other end', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:C001 0100007F:8000 01 00000000:00000000 00:00000000 00000000  1001        0 5 1 0000000000000000 20 4 30 10 -1
   1: 0100007F:8000 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 6 1 0000000000000000 20 4 30 10 -1`;
  it('is that of its own end of the connection', () => {
    assert.equal(findPeerUser(table, 0xc001, 0x8000), 1001);
    assert.equal(findPeerUser(table, 0xc002, 0x8000), undefined);
  });

  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  it('is refused when it is another user', { skip: !isRoot }, async () => {
    told.length = 0;
    const { spawn } = await import('node:child_process');
    const script = `require('node:http').get({ host: '127.0.0.1', port: ${port} }, (response) => process.exit(response.statusCode === 403 ? 0 : 1))`;
    const child = spawn(process.execPath, ['-e', script], { uid: 65534, gid: 65534, stdio: 'ignore', cwd: '/' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 0);
    await eventually(
      async () => told.includes('other-user'),
      5000,
      () => 'the refusal',
    );
  });
});
