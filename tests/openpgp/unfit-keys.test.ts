/** Certificates that make a valid signature count for nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMessage, enums, generateKey, type PrivateKey, revokeKey, type SecretKeyPacket, sign } from 'openpgp';
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import { type SignatureOutcome, verifyDetached } from '../../protocol/signatures/signatures.ts';
import {
  signatureTypes,
  signRaw,
  subpackets,
  toPacket,
  toSignaturePacket,
  toSubpacket,
} from '../../tools/drill/raw-signature.ts';
import { signPlainly, toArmor } from '../../tools/drill/signature-tricks.ts';
import { implementations } from './implementations.ts';

const bytes = Buffer.from('mig action v3\n{"a":1}');
const created = new Date(Date.now() - 7_200_000);
const whileFit = new Date(created.getTime() + 600_000);
const signFlag = 0x02;

type KeyOptions = Omit<Parameters<typeof generateKey>[0], 'userIDs' | 'format'>;

async function newKey(options: KeyOptions = {}): Promise<PrivateKey> {
  const userIDs = [{ name: 'alice', email: 'alice@example.org' }];
  return (await generateKey({ userIDs, type: 'rsa', rsaBits: 2048, date: created, ...options, format: 'object' }))
    .privateKey;
}

async function signAt(key: PrivateKey, date: Date): Promise<string> {
  const message = await createMessage({ binary: bytes });
  return (await sign({ message, signingKeys: key, detached: true, format: 'armored', date })) as string;
}

async function revoked(key: PrivateKey, flag: enums.reasonForRevocation): Promise<string> {
  return (await revokeKey({ key, reasonForRevocation: { flag }, format: 'object' })).publicKey.armor();
}

/** The packets' bodies of a certificate as openpgp makes it: primary, user id, its certification, subkey, its binding. */
function toBodies(key: PrivateKey): readonly [Buffer, Buffer, Buffer, Buffer, Buffer] {
  const bodies = key
    .toPublic()
    .toPacketList()
    .map((packet) => Buffer.from(packet.write()));
  assert.equal(bodies.length, 5);
  return bodies as [Buffer, Buffer, Buffer, Buffer, Buffer];
}

const tags = { primary: 6, userId: 13, signature: 2, subkey: 14 } as const;

/** The bytes of a key that are hashed (RFC 9580, 5.2.4). */
function toHashed(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x99, body.length >> 8, body.length & 0xff]), body]);
}

interface Case {
  readonly certificate: string;
  readonly signature: string;
}

const cases: readonly { says: string; code: SignatureOutcome['kind']; make: () => Promise<Case> }[] = [
  {
    says: 'an expired key, for a signature of before',
    code: 'key-expired',
    make: async () => {
      const key = await newKey({ keyExpirationTime: 3600 });
      return { certificate: key.toPublic().armor(), signature: await signAt(key, whileFit) };
    },
  },
  {
    says: 'a key that was revoked as compromised',
    code: 'key-revoked',
    make: async () => {
      const key = await newKey();
      const certificate = await revoked(key, enums.reasonForRevocation.keyCompromised);
      return { certificate, signature: await signAt(key, whileFit) };
    },
  },
  {
    says: 'a key that was retired after the signature was made',
    code: 'key-revoked',
    make: async () => {
      const key = await newKey();
      const signature = await signAt(key, whileFit);
      return { certificate: await revoked(key, enums.reasonForRevocation.keyRetired), signature };
    },
  },
  {
    says: 'a signing subkey that has expired',
    code: 'bad-signature',
    make: async () => {
      const key = await newKey({ subkeys: [{ sign: true, keyExpirationTime: 3600 }, {}] });
      return { certificate: key.toPublic().armor(), signature: await signAt(key, whileFit) };
    },
  },
  {
    says: 'a signing subkey that was revoked',
    code: 'bad-signature',
    make: async () => {
      const key = await newKey({ subkeys: [{ sign: true }, {}] });
      const signature = await signAt(key, whileFit);
      const subkey = key.subkeys[0] ?? assert.fail('expected a subkey');
      const primary = key.keyPacket as SecretKeyPacket;
      key.subkeys[0] = await subkey.revoke(primary, { flag: enums.reasonForRevocation.keyCompromised });
      return { certificate: key.toPublic().armor(), signature };
    },
  },
  {
    says: 'a signing subkey that never signed that it belongs to the key',
    code: 'bad-signature',
    make: async () => {
      const key = await newKey();
      const subkey = key.subkeys[0] ?? assert.fail('expected a subkey');
      const [primary, userId, certification, subkeyBody] = toBodies(key);
      const binding = signRaw(Buffer.concat([toHashed(primary), toHashed(subkeyBody)]), key, {
        type: signatureTypes.subkeyBinding,
        createdSeconds: created.getTime() / 1000,
        hashed: [toSubpacket(subpackets.keyFlags, Buffer.from([signFlag]))],
      });
      const certificate = toCertificate([primary, userId, certification, subkeyBody, binding]);
      return {
        certificate,
        signature: toArmor(toSignaturePacket(signRaw(bytes, subkey))),
      };
    },
  },
  {
    says: 'an encryption subkey that is called a signing one where nobody signed that',
    code: 'bad-signature',
    make: async () => {
      const key = await newKey();
      const subkey = key.subkeys[0] ?? assert.fail('expected a subkey');
      subkey.bindingSignatures[0]?.unhashedSubpackets.push({
        type: subpackets.keyFlags,
        critical: false,
        body: Uint8Array.of(signFlag),
      });
      return {
        certificate: key.toPublic().armor(),
        signature: toArmor(toSignaturePacket(signRaw(bytes, subkey))),
      };
    },
  },
  {
    says: 'a key that certifies itself with SHA-1 only',
    code: 'bad-signature',
    make: async () => {
      const key = await newKey();
      const [primary, userId, , subkeyBody, binding] = toBodies(key);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(userId.length);
      const hashed = Buffer.concat([toHashed(primary), Buffer.from([0xb4]), length, userId]);
      const certification = signRaw(hashed, key, {
        type: signatureTypes.certification,
        hash: 'sha1',
        createdSeconds: created.getTime() / 1000,
        hashed: [toSubpacket(subpackets.keyFlags, Buffer.from([0x01 | signFlag]))],
      });
      const certificate = toCertificate([primary, userId, certification, subkeyBody, binding]);
      return { certificate, signature: signPlainly(bytes, key) };
    },
  },
];

function toCertificate([primary, userId, certification, subkey, binding]: ReturnType<typeof toBodies>): string {
  const packets = Buffer.concat([
    toPacket(tags.primary, primary),
    toPacket(tags.userId, userId),
    toPacket(tags.signature, certification),
    toPacket(tags.subkey, subkey),
    toPacket(tags.signature, binding),
  ]);
  return [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    '',
    ...(Buffer.from(packets)
      .toString('base64')
      .match(/.{1,64}/g) ?? []),
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ].join('\n');
}

describe('no signature counts under', () => {
  for (const { says, code, make } of cases)
    test(`${says}: ${code}`, async (t) => {
      const { certificate, signature } = await make();
      const key = await readPublicKey(certificate);
      const outcome = await verifyDetached(bytes, signature, [key], new Date());
      assert.equal(outcome.kind, code, JSON.stringify(outcome));
      const takers = implementations.filter((one) => one.verifies(certificate, signature, bytes));
      t.diagnostic(`taken by ${takers.map(({ name }) => name).join(', ') || 'none'} of ${implementations.length}`);
    });
});
