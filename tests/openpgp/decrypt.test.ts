/** Hostile messages in place of a wrapped reply key: bombs, nested and doubled packets, with gpg and a key file. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { armor, enums } from 'openpgp';
import { type InvestigatorKey, openKey } from '../../investigator/keys/investigator-key.ts';
import { type GpgHome, makeGpgHome } from '../../investigator/testing/gpg-home.ts';
import { readEncryptedMessage } from '../../protocol/encrypted-message.ts';
import { encryptPackets, toCompressedPacket, toLiteralPacket } from '../../tools/lab/encrypt-packets.ts';

const mebibyte = 1024 * 1024;
const allowedGrowthMiB = 64;

let home: GpgHome;
let files: string;
let publicKey: string;
const keys = new Map<string, InvestigatorKey>();

before(async () => {
  home = makeGpgHome();
  files = mkdtempSync(join(tmpdir(), 'mig-decrypt-'));
  const fingerprint = home.newKey('alice', 'ed25519', 'cv25519');
  publicKey = home.gpg('--export', '--armor', fingerprint);
  const path = join(files, 'alice.asc');
  writeFileSync(path, home.gpg('--export-secret-keys', '--armor', fingerprint));
  keys.set('gpg', await openKey({ kind: 'gpg', fingerprint }));
  keys.set('a key file', await openKey({ kind: 'file', path, passphraseFile: undefined }));
});
after(() => {
  home.remove();
  rmSync(files, { recursive: true, force: true });
});

/** The packet that gpg makes of zeros. */
function bzip2Zeros(sizeBytes: number): Buffer {
  const path = join(files, 'zeros');
  writeFileSync(path, Buffer.alloc(sizeBytes));
  home.gpg('--yes', '--output', `${path}.gpg`, '--compress-algo', 'bzip2', '--store', path);
  return readFileSync(`${path}.gpg`);
}

/** A packet that holds a packet that holds zeros. */
function nestedZeros(sizeBytes: number): Buffer {
  const inner = toCompressedPacket('zip', deflateRawSync(toLiteralPacket(Buffer.alloc(sizeBytes)), { level: 9 }));
  return toCompressedPacket('zlib', deflateSync(inner, { level: 9 }));
}

const bombs: readonly (readonly [string, () => Buffer])[] = [
  ['16 MiB by ZIP', () => toCompressedPacket('zip', deflateRawSync(toLiteralPacket(Buffer.alloc(16 * mebibyte))))],
  ['16 MiB by ZLIB', () => toCompressedPacket('zlib', deflateSync(toLiteralPacket(Buffer.alloc(16 * mebibyte))))],
  ['256 MiB by ZIP in ZLIB', () => nestedZeros(256 * mebibyte)],
  ['256 MiB by BZip2', () => bzip2Zeros(256 * mebibyte)],
  ['one byte by ZIP', () => toCompressedPacket('zip', deflateRawSync(toLiteralPacket(Buffer.from('x'))))],
  ['nothing by ZIP', () => toCompressedPacket('zip', deflateRawSync(Buffer.alloc(0)))],
];

for (const name of ['gpg', 'a key file'])
  describe(`a message that ${name} is to open`, () => {
    const open = (armored: string): Promise<Uint8Array> => (keys.get(name) ?? assert.fail()).decrypt(armored);

    for (const [what, make] of bombs)
      it(`is refused when it is compressed, and not unpacked: ${what}`, async () => {
        const bomb = await encryptPackets(make(), publicKey);
        assert.ok(bomb.length < 64 * 1024, `${bomb.length} characters`);
        const [peakBefore, startSeconds] = [process.resourceUsage().maxRSS, process.uptime()];
        await assert.rejects(open(bomb), { code: /^(plain-malformed|decryption-failed)$/ });
        const growthMiB = (process.resourceUsage().maxRSS - peakBefore) / 1024;
        assert.ok(growthMiB < allowedGrowthMiB, `${growthMiB} MiB more`);
        assert.ok(process.uptime() - startSeconds < 10);
      });

    it('is opened when it is as we make them', async () => {
      const secret = Buffer.from('{"action":"x"}');
      assert.deepEqual(Buffer.from(await open(await encryptPackets(toLiteralPacket(secret), publicKey))), secret);
    });

    it('is refused when it holds more than one literal packet of the length of a reply key', async () => {
      const literal = toLiteralPacket(Buffer.from('x'));
      for (const packets of [toLiteralPacket(Buffer.alloc(5000)), Buffer.concat([literal, literal]), Buffer.alloc(0)])
        await assert.rejects(open(await encryptPackets(packets, publicKey)), {
          code: /^(plain-malformed|decryption-failed)$/,
        });
    });

    it('is refused when it is more than one message, none, or has other packets', async () => {
      const message = await encryptPackets(toLiteralPacket(Buffer.from('x')), publicKey);
      const { bytes } = readEncryptedMessage(message);
      const wrong = [
        message + message,
        'nonsense',
        armor(enums.armor.message, Buffer.concat([bytes, bytes])),
        armor(enums.armor.message, Buffer.concat([Buffer.from('c8020000', 'hex'), bytes])),
        armor(enums.armor.message, toLiteralPacket(Buffer.from('x'))),
        'x'.repeat(64 * 1024 + 1),
      ];
      for (const armored of wrong) await assert.rejects(open(armored), { code: 'message-malformed' });
    });

    it('is refused when somebody changed it', async () => {
      const { bytes } = readEncryptedMessage(await encryptPackets(toLiteralPacket(Buffer.from('x')), publicKey));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await assert.rejects(open(armor(enums.armor.message, bytes)), { code: 'decryption-failed' });
    });
  });

it('a message tells the numbers of the keys that it is for', async () => {
  const { recipients } = readEncryptedMessage(await encryptPackets(toLiteralPacket(Buffer.from('x')), publicKey));
  assert.equal(recipients.length, 1);
  assert.match(recipients[0] ?? '', /^[0-9A-F]{16}$/);
});
