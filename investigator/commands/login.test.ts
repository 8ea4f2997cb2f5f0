/** Sessions with the relay, and a relay that is none. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { generateKey } from 'openpgp';
import { generate } from 'selfsigned';
import type { CodedError } from '../../protocol/base/coded-error.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { makeGpgHome } from '../testing/gpg-home.ts';
import { startToyPlatform, type ToyPlatform } from '../testing/toy-platform.ts';

let platform: ToyPlatform;

beforeEach(async () => {
  platform = await startToyPlatform();
});
afterEach(() => platform.close());

describe('a login', () => {
  it('logs in once for many commands, and again when the server forgot', async () => {
    await platform.mig('toy', '-word', 'wget');
    await platform.mig('toy', '-word', 'wget');
    const logins = (): number => platform.relay.requests.filter((request) => request === 'POST /sessions').length;
    assert.equal(logins(), 1);
    platform.relay.forgetSessions();
    assert.equal((await platform.mig('toy', '-word', 'wget')).exitCode, exitCodes.found);
    assert.equal(logins(), 2);
    const [file = ''] = readdirSync(join(platform.folder, 'mig'));
    assert.equal(statSync(join(platform.folder, 'mig', file)).mode & 0o777, 0o600);
    assert.equal(statSync(join(platform.folder, 'mig')).mode & 0o777, 0o700);
  });

  it('opens no key while the session lasts, and logs in anew when the key file has changed', async () => {
    const passphrase = 'correct horse';
    const { privateKey } = await generateKey({ userIDs: [{ name: 'alice' }], format: 'armored', passphrase });
    const keyFile = join(platform.folder, 'locked.asc');
    const passphraseFile = join(platform.folder, 'passphrase');
    writeFileSync(keyFile, privateKey);
    writeFileSync(passphraseFile, passphrase);
    Object.assign(platform.environment, { MIG_KEY: keyFile, MIG_KEY_PASSPHRASE_FILE: passphraseFile });
    await platform.mig('agents');
    rmSync(passphraseFile);
    await platform.mig('agents');
    await assert.rejects(platform.mig('toy', '-word', 'wget'), { code: 'passphrase-needed' });
    const other = await generateKey({ userIDs: [{ name: 'bob' }], format: 'armored' });
    writeFileSync(keyFile, other.privateKey);
    await platform.mig('agents');
    assert.equal(platform.relay.requests.filter((request) => request === 'POST /sessions').length, 2);
  });

  it('says that a clock is wrong when that is why the server refuses a login', async () => {
    const { script } = platform.relay;
    script.refusesLogins = true;
    for (const [minutes, hint] of [
      [-61, /clock is 61 min ahead of the server's/],
      [61, /clock is 61 min behind the server's/],
      [0.9, /^check MIG_KEY/],
    ] as const) {
      script.clockAheadMs = minutes * 60_000;
      await assert.rejects(platform.mig('agents'), (error: CodedError) => {
        assert.equal(error.code, 'login-refused');
        assert.match(error.hint ?? '', hint);
        return true;
      });
    }
  });

  it('says what is wrong with the key when the server refuses a login', async () => {
    platform.relay.script.refusesLogins = true;
    await assert.rejects(platform.mig('toy', '-word', 'wget'), { code: 'login-refused' });
    const home = makeGpgHome();
    try {
      platform.environment.MIG_KEY = home.newKey('weak', 'rsa1024', 'rsa1024');
      await assert.rejects(platform.mig('toy', '-word', 'wget'), { code: 'key-weak' });
    } finally {
      home.remove();
    }
  });
});

describe('a server that is none', () => {
  const misbehaviours: readonly (readonly [string, string, (response: ServerResponse) => void])[] = [
    ['sends no JSON', 'json-malformed', (response) => response.end('<html>')],
    ['sends other JSON', 'server-misbehaved', (response) => response.end('{"agents": 1}')],
    ['fails without a word', 'server-misbehaved', (response) => response.writeHead(502).end('Bad Gateway')],
    ['hangs up', 'server-unreachable', (response) => response.destroy()],
    [
      'names a problem',
      'too-many-requests',
      (response) =>
        response
          .writeHead(429)
          .end('{"type":"about:blank","title":"slow down","status":429,"code":"too-many-requests","more":1}'),
    ],
    [
      'lists agents in a circle',
      'server-misbehaved',
      (response) => response.end(JSON.stringify({ agents: [], total: 2, next: 'a'.repeat(64) })),
    ],
    [
      'sends JSON without end',
      'server-misbehaved',
      (response) => {
        const block = Buffer.alloc(1024 * 1024, '[');
        const more = (): void => {
          while (response.write(block));
          response.once('drain', more);
        };
        more();
      },
    ],
  ];
  for (const [name, code, misbehave] of misbehaviours)
    it(`is named: it ${name}`, { timeout: 20_000 }, async () => {
      platform.relay.script.override = (_, response) => {
        misbehave(response);
        return true;
      };
      await assert.rejects(platform.mig('agents'), { code });
    });

  it('is named: its certificate is of nobody we know, or of another CA than the one that is set', async () => {
    delete platform.environment.MIG_CA;
    const hint = "set MIG_CA to the PEM file of the server's CA";
    await assert.rejects(platform.mig('agents'), { code: 'server-not-trusted', hint });
    const { cert } = await generate([{ name: 'commonName', value: 'other CA' }], { keyType: 'ec' });
    platform.environment.MIG_CA = platform.write('other.pem', cert);
    await assert.rejects(platform.mig('agents'), (error: CodedError) =>
      /the CA in MIG_CA is not/.test(error.hint ?? ''),
    );
  });

  const dayMs = 86_400_000;
  for (const [name, fromDays, untilDays, hint] of [
    ['has expired', -2, -1, /clock says .* renew its certificate/],
    ['is for later', 1, 2, /clock says .* for later/],
  ] as const)
    it(`is named: its certificate ${name}, or this machine's clock is wrong`, async () => {
      const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
        keyType: 'ec',
        notBeforeDate: new Date(Date.now() + fromDays * dayMs),
        notAfterDate: new Date(Date.now() + untilDays * dayMs),
        extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
      });
      const server = createServer({ cert, key });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      Object.assign(platform.environment, {
        MIG_SERVER: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
        MIG_CA: platform.write('its-own.pem', cert),
      });
      await assert.rejects(platform.mig('agents'), (error: CodedError) => {
        assert.equal(error.code, 'server-not-trusted');
        assert.match(error.hint ?? '', hint);
        return true;
      });
      server.close();
    });

  it('is named: nobody listens', async () => {
    platform.environment.MIG_SERVER = 'https://127.0.0.1:1';
    await assert.rejects(platform.mig('agents'), { code: 'server-unreachable' });
  });
});
