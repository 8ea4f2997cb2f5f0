/**
 * Challenges of the login. Each carries its own purpose, under a key of the relay's instances: nothing is stored, and strangers
 * fill no table. Known and unknown keys get the same response.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import type { Db } from '../database/schema.ts';
import { findChallengeKey, useChallenge } from '../database/sessions.ts';

const lifeMs = 60_000;
const nonceBytes = 16;
/** Big-endian milliseconds since 1970; enough for the next 8,900 years. */
const timeBytes = 6;
const certificateBytes = 32;
const macBytes = 32;
/** In place of a certificate: a proxy has ended TLS. */
const none = Buffer.alloc(certificateBytes);

export interface Challenge {
  readonly text: string;
  readonly expires: Date;
  /** SHA-256 of the certificate that this instance showed when it was asked; null when a proxy ended TLS. */
  readonly certificate: string | null;
}

export class Challenges {
  readonly #db: Db;
  readonly #key: Buffer;

  private constructor(db: Db, key: Buffer) {
    this.#db = db;
    this.#key = key;
  }

  /** Made with the key that all instances on this database share. */
  static async open(db: Db): Promise<Challenges> {
    return new Challenges(db, await findChallengeKey(db, randomBytes(32)));
  }

  #macOf(body: Uint8Array, fingerprint: Fingerprint): Buffer {
    return createHmac('sha256', this.#key).update(body).update(fingerprint).digest();
  }

  make(fingerprint: Fingerprint, certificate: string | null, nowMs = Date.now()): string {
    const time = Buffer.alloc(timeBytes);
    time.writeUIntBE(nowMs + lifeMs, 0, timeBytes);
    const shown = certificate === null ? none : Buffer.from(certificate, 'hex');
    const body = Buffer.concat([randomBytes(nonceBytes), time, shown]);
    return Buffer.concat([body, this.#macOf(body, fingerprint)]).toString('base64url');
  }

  /** Null when it is not of this relay, for another key or too old. */
  read(text: string, fingerprint: Fingerprint, nowMs = Date.now()): Challenge | null {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length !== nonceBytes + timeBytes + certificateBytes + macBytes) return null;
    const body = bytes.subarray(0, -macBytes);
    if (!timingSafeEqual(this.#macOf(body, fingerprint), bytes.subarray(-macBytes))) return null;
    const expiresMs = body.readUIntBE(nonceBytes, timeBytes);
    const shown = body.subarray(nonceBytes + timeBytes);
    if (expiresMs < nowMs) return null;
    const certificate = shown.equals(none) ? null : shown.toString('hex');
    return { text, expires: new Date(expiresMs), certificate };
  }

  /** False when it has been used, at whichever instance. */
  use({ text, expires }: Challenge): Promise<boolean> {
    return useChallenge(this.#db, Buffer.from(text, 'base64url').toString('base64url'), expires);
  }
}
