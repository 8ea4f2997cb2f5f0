/**
 * The trust list: who may ask what, beyond what was baked in. The environment's root keys sign
 * `"mig trust v1\n" || canonical JSON`. Any relay may carry it: agents verify it themselves.
 */

import type { PublicKey } from 'openpgp';
import * as z from 'zod';
import { CodedError, toMessage } from '../base/coded-error.ts';
import { ActionId, type Fingerprint, PlainFingerprint } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { maximumSignatures } from '../base/limits.ts';
import { parseCanonicalJson, toCanonicalJson } from '../base/strict-json.ts';
import { ruleFor, toSigners } from '../environment/acl.ts';
import { type Acl, AclRule, type BakedEnvironment, type BakedInvestigator } from '../environment/environment.ts';
import { EnvironmentName, ModuleName, PersonName } from '../environment/names.ts';
import type { TrustCode } from './trust-refusals.ts';

export const trustContext = 'mig trust v1\n';
const contextBytes = Buffer.from(trustContext, 'utf8');
/** Room for a hundred people with their keys, and within what an agent takes as one message. */
export const maximumTrustListBytes = 256 * 1024;
/** Two full lists of what is revoked, and every person's keys and weights. */
const maximumTrustListValues = 32 * 1024;
const maximumRevoked = 4096;
const maximumSignatureCharacters = 8192;

export const TrustedPerson = z.strictObject({
  name: PersonName,
  /** `armored` may be left out for a key that is baked into the agents. */
  keys: z
    .array(
      z.strictObject({
        fingerprint: PlainFingerprint,
        armored: z
          .string()
          .max(64 * 1024)
          .optional(),
      }),
    )
    .min(1)
    .max(16),
});
export type TrustedPerson = z.infer<typeof TrustedPerson>;

const TrustAcl = z.record(
  z.union([ModuleName, z.literal('default')]),
  AclRule.pick({ minimumWeight: true, weights: true }),
);

export const TrustList = z.strictObject({
  fleet: EnvironmentName,
  /** Strictly rising: an agent takes no older one, nor another one of the same version. */
  version: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  issued: Instant,
  /** From then on agents go by what is baked in, less everything that was ever revoked. */
  expires: Instant,
  /** All who may ask; who is baked in and not here may not. */
  investigators: z.array(TrustedPerson).min(1).max(256),
  acl: TrustAcl,
  /** For good: no later list brings such a key back. */
  revokedkeys: z.array(PlainFingerprint).max(maximumRevoked),
  revokedactions: z.array(ActionId).max(maximumRevoked),
});
export type TrustList = z.infer<typeof TrustList>;

export const TrustEnvelope = z.strictObject({
  /** Base64 of `trustContext` followed by the list in canonical JSON (RFC 8785). */
  payload: z.base64().max(4 * Math.ceil((maximumTrustListBytes + contextBytes.length) / 3)),
  /** Armored detached signatures (RFC 9580, 10.4), none yet in a draft. */
  signatures: z.array(z.string().max(maximumSignatureCharacters)).max(maximumSignatures),
});
export type TrustEnvelope = z.infer<typeof TrustEnvelope>;

function refuse(code: TrustCode, message: string, cause?: unknown): never {
  throw new CodedError<TrustCode>(code, message, { cause });
}

export function toTrustBytes(list: TrustList): Buffer {
  return Buffer.concat([contextBytes, toCanonicalJson(list)]);
}

/** Verify the signatures over the same bytes first. @throws CodedError<TrustCode> trust-malformed */
export function parseTrustBytes(bytes: Uint8Array): TrustList {
  if (!contextBytes.equals(bytes.subarray(0, contextBytes.length)))
    refuse('trust-malformed', `expected signed bytes that begin with ${JSON.stringify(trustContext)}`);
  let value: unknown;
  try {
    value = parseCanonicalJson(bytes.subarray(contextBytes.length), {
      maxBytes: maximumTrustListBytes,
      maxValues: maximumTrustListValues,
    });
  } catch (cause) {
    refuse('trust-malformed', toMessage(cause), cause);
  }
  const parsed = TrustList.safeParse(value);
  if (!parsed.success) refuse('trust-malformed', z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

export interface RootKeys {
  readonly people: readonly BakedInvestigator[];
  /** How many distinct people must sign. */
  readonly threshold: number;
}

/**
 * The people with root keys who signed.
 * @param keys the public keys of `roots`.
 * @throws CodedError<TrustCode> trust-bad-signature, trust-threshold
 */
export async function verifyTrustSignatures(
  { payload, signatures }: TrustEnvelope,
  roots: RootKeys,
  keys: readonly PublicKey[],
  latest: Date,
): Promise<string[]> {
  const { verifyDetached } = await import('../signatures/signatures.ts');
  const bytes = Buffer.from(payload, 'base64');
  const signers: Fingerprint[] = [];
  for (const signature of signatures) {
    const outcome = await verifyDetached(bytes, signature, keys, latest);
    if (outcome.kind === 'valid') signers.push(outcome.signer);
    else if (outcome.kind === 'bad-signature') refuse('trust-bad-signature', outcome.why);
    else if (outcome.kind !== 'unknown-signer')
      refuse('trust-bad-signature', `${outcome.kind}: the key ${outcome.signer}`);
  }
  const people = toSigners(roots.people, signers);
  if (people.size < roots.threshold)
    refuse('trust-threshold', `expected signatures of ${roots.threshold} people with root keys, got ${people.size}`);
  return [...people];
}

/**
 * The ACL that follows from a list: what is baked in with the list's weights. A list can ask for more weight than the
 * build, never for less; and nobody can be given more weight than the heaviest person has in the build.
 * @throws CodedError<TrustCode> trust-out-of-bounds
 */
export function toEffectiveAcl(
  { acl }: Pick<TrustList, 'acl'>,
  environment: Pick<BakedEnvironment, 'acl' | 'modules'>,
): Acl {
  const effective: Acl = {};
  for (const module of environment.modules) {
    const rule = ruleFor(acl, module);
    if (rule === undefined) continue;
    const baked = ruleFor(environment.acl, module);
    if (baked === undefined) refuse('trust-out-of-bounds', `${module}: nobody may ask this by the build`);
    if (rule.minimumWeight < baked.minimumWeight)
      refuse(
        'trust-out-of-bounds',
        `${module}: minimum weight ${rule.minimumWeight}, ${baked.minimumWeight} by the build`,
      );
    const heaviest = Math.max(...Object.values(baked.weights), 0);
    for (const [person, weight] of Object.entries(rule.weights))
      if (weight > heaviest)
        refuse('trust-out-of-bounds', `${module}: weight ${weight} for ${person}, at most ${heaviest} by the build`);
    effective[module] = { ...baked, ...rule };
  }
  return effective;
}

/** The list's people with every key in full. @throws CodedError<TrustCode> trust-malformed */
export function toInvestigators(
  list: Pick<TrustList, 'investigators'>,
  baked: readonly BakedInvestigator[],
): BakedInvestigator[] {
  const known = new Map(baked.flatMap(({ keys }) => keys.map((key) => [key.fingerprint, key.armored] as const)));
  const seen = new Set<Fingerprint>();
  return list.investigators.map(({ name, keys }) => ({
    name,
    keys: keys.map(({ fingerprint, armored }) => {
      if (seen.has(fingerprint)) refuse('trust-malformed', `the key ${fingerprint} is listed twice`);
      seen.add(fingerprint);
      const found = armored ?? known.get(fingerprint);
      if (found === undefined)
        refuse('trust-malformed', `the key ${fingerprint} is neither listed in full nor baked in`);
      return { fingerprint, armored: found };
    }),
  }));
}
