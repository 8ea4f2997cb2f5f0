/**
 * The login part of the REST API (paths below `apiPrefix`). The investigator's OpenPGP key signs a challenge together with the
 * relay's address and certificate: no other relay can use the signature.
 */
import * as z from 'zod';
import { Fingerprint, Sha256 } from './base/identifiers.ts';
import { Instant } from './base/instant.ts';
import { toCanonicalJson } from './base/strict-json.ts';

/** The context of a login's signature: it does not fit an action. */
const sessionContext = 'mig session v4\n';

/** `POST /sessions/challenges` → 201, whether or not the relay knows the key. */
export const ChallengeRequest = z.strictObject({ fingerprint: Fingerprint });
const Challenge = z
  .string()
  .min(32)
  .max(128)
  .regex(/^[\w-]+$/, 'expected base64url');
/** Good once, for a minute and for that fingerprint. */
export const ChallengeResponse = z.strictObject({ challenge: Challenge });

/** The signed part of a login. */
export const Login = z.strictObject({
  challenge: Challenge,
  /** Scheme, host and port of the relay that the investigator called, as in `new URL(…).origin`. */
  origin: z.string().min(1).max(512),
  /** SHA-256 of the certificate (DER) that was shown there. */
  certificate: Sha256,
});
export type Login = z.infer<typeof Login>;

/** `POST /sessions`: `signature` is an armored detached OpenPGP signature over `toLoginBytes` of the rest. */
export const SessionRequest = z.strictObject({
  ...Login.shape,
  fingerprint: Fingerprint,
  signature: z.string().max(8192),
});
export type SessionRequest = z.infer<typeof SessionRequest>;
/** `token` goes into `Authorization: Bearer …`. */
export const SessionResponse = z.strictObject({ token: z.string(), expires: Instant, investigator: z.string() });

/** `"mig session v4\n" || canonical JSON` (RFC 8785). */
export function toLoginBytes({ challenge, origin, certificate }: Login): Buffer {
  return Buffer.concat([Buffer.from(sessionContext, 'utf8'), toCanonicalJson({ challenge, origin, certificate })]);
}
