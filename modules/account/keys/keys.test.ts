/** Keys, compared with what ssh-keygen(1) says of the same files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAuthorizedKey, parseKeyText, splitOptions } from './authorized-keys.ts';
import { parsePrivateKey } from './private-key.ts';
import type { PublicKey } from './public-key.ts';
import { toWireString } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'mig-keys-'));
after(() => rmSync(folder, { recursive: true }));

function run(tool: string, ...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(tool, args, { cwd: folder, encoding: 'utf8', input: '' });
  return status === 0 ? stdout : null;
}

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!hasKeygen) process.stderr.write('SKIPPED: ssh-keygen is not installed, keys were NOT compared with it\n');
const skip = hasKeygen ? {} : { skip: 'ssh-keygen is not installed' };

/** `256 SHA256:… comment (ED25519)` of a file. */
function fingerprintsOf(file: string): { bits: number; fingerprint: string; md5: string } {
  const parts = (hash: string): string[] => (run('ssh-keygen', '-l', '-E', hash, '-f', file) ?? '').split(' ');
  const [bits = '', fingerprint = ''] = parts('sha256');
  return { bits: Number(bits), fingerprint, md5: parts('md5')[1] ?? '' };
}

function toCompared(key: PublicKey | undefined) {
  return { bits: key?.bits, fingerprint: key?.fingerprint, md5: key?.md5 };
}

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content, { mode: 0o600 });
  return join(folder, name);
}

const kinds: readonly (readonly [keytype: string, ...options: string[]])[] = [
  ['ssh-rsa', '-t', 'rsa', '-b', '1024'],
  ['ssh-rsa', '-t', 'rsa', '-b', '2049'],
  ['ssh-rsa', '-t', 'rsa', '-b', '3072'],
  ['ssh-dss', '-t', 'dsa'],
  ['ecdsa-sha2-nistp256', '-t', 'ecdsa', '-b', '256'],
  ['ecdsa-sha2-nistp384', '-t', 'ecdsa', '-b', '384'],
  ['ecdsa-sha2-nistp521', '-t', 'ecdsa', '-b', '521'],
  ['ssh-ed25519', '-t', 'ed25519'],
];

let made = 0;
/** Undefined where this ssh-keygen no longer makes keys of that kind. */
function makeKey(...options: readonly string[]): string | undefined {
  made += 1;
  const name = `key${made}`;
  return run('ssh-keygen', '-q', '-C', 'carol@example.org', '-f', name, ...options) === null
    ? undefined
    : join(folder, name);
}

describe('a public key has the type, bits and fingerprints of ssh-keygen', () => {
  for (const [keytype, ...options] of kinds)
    it(options.join(' '), skip, (context) => {
      const file = makeKey('-N', '', ...options);
      if (file === undefined) return context.skip('not made by this ssh-keygen');
      const key = parseKeyText(readFileSync(`${file}.pub`, 'utf8'));
      assert.equal(key?.keytype, keytype);
      assert.deepEqual(toCompared(key), fingerprintsOf(`${file}.pub`));
    });

  for (const [keytype, ...options] of kinds)
    it(`also in a certificate: ${options.join(' ')}`, skip, (context) => {
      const [authority, file] = [makeKey('-N', '', '-t', 'ed25519'), makeKey('-N', '', ...options)];
      if (authority === undefined || file === undefined) return context.skip('not made by this ssh-keygen');
      assert.notEqual(run('ssh-keygen', '-q', '-s', authority, '-I', 'id', '-n', 'alice', `${file}.pub`), null);
      const key = parseKeyText(readFileSync(`${file}-cert.pub`, 'utf8'));
      assert.equal(key?.keytype, `${keytype}-cert-v01@openssh.com`);
      assert.deepEqual(toCompared(key), fingerprintsOf(`${file}-cert.pub`));
    });

  /** The generator of the curve. */
  const point = Buffer.from(
    '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
      '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    'hex',
  );
  const security: readonly (readonly [string, ...fields: (string | Buffer)[]])[] = [
    ['sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:'],
    ['sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', point, 'ssh:'],
  ];
  for (const [keytype, ...fields] of security)
    it(keytype, skip, () => {
      const blob = Buffer.concat([keytype, ...fields].map(toWireString)).toString('base64');
      const file = write('sk.pub', `${keytype} ${blob} x\n`);
      const expected = fingerprintsOf(file);
      assert.deepEqual(toCompared(parseKeyText(readFileSync(file, 'utf8'))), expected);
    });
});

describe('a private key', () => {
  const forms: readonly (readonly [form: string, format: string, ...options: string[]])[] = [
    ['OpenSSH', 'openssh'],
    ['PEM', 'pem', '-m', 'PEM'],
    ['PKCS#8', 'pkcs8', '-m', 'PKCS8'],
  ];
  for (const [form, format, ...formOptions] of forms)
    for (const [, ...options] of kinds) {
      // Ed25519 has the form of OpenSSH alone; DSA in PKCS#8 keeps no public half.
      const isBare = form !== 'OpenSSH' && options[1] === 'ed25519';
      for (const passphrase of ['', 'a passphrase'])
        it(
          `of ${options.join(' ')} in ${form} ${passphrase === '' ? 'without' : 'with'} passphrase`,
          skip,
          (context) => {
            const file = makeKey('-N', passphrase, ...options, ...formOptions);
            if (file === undefined) return context.skip('not made by this ssh-keygen');
            const key = parsePrivateKey(readFileSync(file));
            assert.equal(key?.isEncrypted, passphrase !== '');
            if (!isBare) assert.equal(key?.format, format);
            const isTold =
              form === 'OpenSSH' || isBare || (passphrase === '' && !(form === 'PKCS#8' && options[1] === 'dsa'));
            const expected = fingerprintsOf(`${file}.pub`);
            assert.deepEqual(
              toCompared(key?.publicKey),
              isTold ? expected : { bits: undefined, fingerprint: undefined, md5: undefined },
            );
          },
        );
    }

  const hasPutty = spawnSync('puttygen', ['--version']).status === 0;
  if (!hasPutty) process.stderr.write('SKIPPED: puttygen is not installed, its files were NOT compared\n');
  for (const [passphrase, version] of [
    ['', '2'],
    ['x', '2'],
    ['', '3'],
    ['x', '3'],
  ] as const)
    it(`of PuTTY, version ${version}, ${passphrase === '' ? 'without' : 'with'} passphrase`, (context) => {
      if (!hasPutty || !hasKeygen) return context.skip('puttygen is not installed');
      const file = makeKey('-N', '', '-t', 'rsa', '-b', '2048') ?? '';
      const words = write('words', passphrase);
      const output = join(folder, `putty${version}${passphrase}.ppk`);
      const options = ['--new-passphrase', words, '--ppk-param', `version=${version}`, '-O', 'private'];
      assert.notEqual(run('puttygen', file, '-o', output, ...options), null);
      const key = parsePrivateKey(readFileSync(output));
      assert.deepEqual([key?.format, key?.isEncrypted], ['putty', passphrase !== '']);
      assert.deepEqual(toCompared(key?.publicKey), fingerprintsOf(`${file}.pub`));
    });

  for (const text of [
    '',
    'ssh-rsa AAAA',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n',
  ])
    it(`is not ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.equal(parsePrivateKey(Buffer.from(text)), undefined));
});

describe('a line of authorized_keys', () => {
  const key = `ssh-ed25519 ${Buffer.concat(['ssh-ed25519', Buffer.alloc(32, 1)].map(toWireString)).toString('base64')}`;
  const lines: readonly (readonly [string, options: readonly string[] | null])[] = [
    [key, []],
    [`${key} carol@example.org`, []],
    [`no-pty ${key}`, ['no-pty']],
    [`from="10.0.0.0/8,!10.1.0.0/16",no-pty\t ${key} x`, ['from="10.0.0.0/8,!10.1.0.0/16"', 'no-pty']],
    [`command="echo \\"a, b\\" ssh-rsa" ${key}`, ['command="echo \\"a, b\\" ssh-rsa"']],
    [`cert-authority,principals="a,b" ${key}`, ['cert-authority', 'principals="a,b"']],
    [`command="open ${key}`, null],
    [key.slice(0, -4), null],
    [`ssh-rsa ${key.split(' ')[1]}`, null],
    ['ssh-ed25519', null],
    ['no-pty', null],
    [`nonsense ${key.replace('ssh-ed25519', 'ssh-unknown')}`, null],
  ];
  for (const [line, options] of lines)
    it(`${line.slice(0, 60)} has ${options === null ? 'no key' : `${options.length} options`}`, () =>
      assert.deepEqual(parseAuthorizedKey(1, line)?.options ?? null, options));

  it('is split into options and rest, whatever is in it', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab,"\\ \t=') }), (text) => {
        const { options, rest } = splitOptions(text);
        assert.ok(options.join(',').length + rest.length <= text.length);
      }),
    ));
});

describe('hostile bytes', () => {
  const blob = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(
        fc.constantFrom(
          'ssh-rsa',
          'ssh-dss',
          'ssh-ed25519',
          'ssh-rsa-cert-v01@openssh.com',
          'sk-ssh-ed25519@openssh.com',
        ),
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 6 }),
      )
      .map(([type, fields, end]) => Buffer.concat([...[type, ...fields.map(Buffer.from)].map(toWireString), end])),
  );

  it('in a key are a key or none', () =>
    fc.assert(
      fc.property(fc.constantFrom('ssh-rsa', 'ssh-dss', 'ssh-ed25519', 'x@y.z'), blob, (type, bytes) => {
        const key = parseKeyText(`${type} ${Buffer.from(bytes).toString('base64')}`);
        assert.ok(key === undefined || /^SHA256:[\w+/]{43}$/.test(key.fingerprint));
      }),
    ));

  it('in a private key are a key or none', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('OPENSSH ', 'RSA ', 'DSA ', 'EC ', '', 'ENCRYPTED '),
        fc.boolean(),
        blob,
        (kind, isDer, bytes) => {
          const magic = kind === 'OPENSSH ' ? [Buffer.from('openssh-key-v1\0')] : [];
          const der = isDer ? [Buffer.from([0x30, bytes.length & 0x7f])] : [];
          const body = Buffer.concat([...magic, ...der, Buffer.from(bytes)]).toString('base64');
          parsePrivateKey(
            Buffer.from(`-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----\n`),
          );
        },
      ),
    ));
});
