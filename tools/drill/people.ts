import { config, generateKey, type PrivateKey, revokeKey } from 'openpgp';
import { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { LabInvestigator } from '../lab/investigator-key.ts';
import type { Lab } from '../lab/lab.ts';

const dayMs = 24 * 3600 * 1000;

/** Keys for signatures that openpgp.js would not make. These are written byte by byte, with RSA. */
export interface RawPerson {
  readonly name: string;
  readonly key: PrivateKey;
  readonly fingerprint: Fingerprint;
  /** The key as it is listed; a revoked one with its revocation. */
  readonly armored: string;
}

interface RawOptions {
  readonly bits?: number;
  readonly ageMs?: number;
  readonly lifeSeconds?: number;
  readonly isRevoked?: boolean;
}

async function makeRawPerson(name: string, options: RawOptions = {}): Promise<RawPerson> {
  const { bits = 2048, ageMs = dayMs, lifeSeconds = 0, isRevoked = false } = options;
  const { privateKey } = await generateKey({
    userIDs: [{ name }],
    type: 'rsa',
    rsaBits: bits,
    date: new Date(Date.now() - ageMs),
    keyExpirationTime: lifeSeconds,
    format: 'object',
    config: { ...config, minRSABits: 1024 },
  });
  const armored = isRevoked
    ? (await revokeKey({ key: privateKey, format: 'armored' })).publicKey
    : privateKey.toPublic().armor();
  return { name, key: privateKey, fingerprint: Fingerprint.parse(privateKey.getFingerprint()), armored };
}

export interface People {
  /** Weight 2 with either of two keys. */
  readonly alice: LabInvestigator;
  readonly alicesOther: LabInvestigator;
  /** Weight 1. */
  readonly bob: LabInvestigator;
  /** In nobody's list. */
  readonly stranger: LabInvestigator;
  /** Weight 2 by the trust list, until a later one revokes the key. */
  readonly guest: LabInvestigator;
  /** The people with root keys. */
  readonly roots: readonly [LabInvestigator, LabInvestigator];
  /** Weight 2 by the trust list, with a subkey for encryption only. */
  readonly rsa: RawPerson;
  readonly expired: RawPerson;
  readonly revoked: RawPerson;
  readonly weak: RawPerson;
  /** Good until a later trust list revokes it. */
  readonly leaver: RawPerson;
}

export async function makePeople(lab: Lab): Promise<People> {
  const make = (name: string): Promise<LabInvestigator> => lab.makeInvestigator(name);
  const [alice, alicesOther, bob, stranger, guest, carol, dave] = await Promise.all([
    make('alice'),
    make('alice-other'),
    make('bob'),
    make('stranger'),
    make('guest'),
    make('carol'),
    make('dave'),
  ]);
  return {
    alice,
    alicesOther,
    bob,
    stranger,
    guest,
    roots: [carol, dave],
    rsa: await makeRawPerson('rsa'),
    expired: await makeRawPerson('expired', { ageMs: 10 * dayMs, lifeSeconds: 5 * 24 * 3600 }),
    revoked: await makeRawPerson('revoked', { isRevoked: true }),
    weak: await makeRawPerson('weak', { bits: 1024 }),
    leaver: await makeRawPerson('leaver'),
  };
}

export function toConfigPerson(...keys: readonly LabInvestigator[]) {
  return { keys: keys.map(({ publicKeyFile, fingerprint }) => ({ file: publicKeyFile, fingerprint })) };
}
