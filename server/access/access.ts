/**
 * Resolves who is behind a request: investigators, sessions and tokens as the database has them, remembered for as long as no
 * server says that something has changed.
 */
import { createHash } from 'node:crypto';
import type { PublicKey } from 'openpgp';
import type { Log } from '../../host/log.ts';
import type { Role } from '../../protocol/api/access-api.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import type { Database } from '../database/database.ts';
import { listInvestigators } from '../database/investigators.ts';
import { findSession } from '../database/sessions.ts';
import { findToken } from '../database/tokens.ts';

export interface Investigator {
  readonly name: string;
  readonly fingerprint: Fingerprint;
  readonly role: Role;
  readonly key: PublicKey;
}

export interface Principal {
  /** A program with a token reads as an observer does, whatever the role of its owner. */
  readonly kind: 'session' | 'token';
  readonly investigator: Investigator;
  readonly tokenhash: string;
}

interface Remembered {
  readonly fingerprint: Fingerprint;
  readonly kind: Principal['kind'];
  /** Asked for again from then on, for a notification may be lost together with its connection. */
  readonly untilMs: number;
}

const rememberMs = 60_000;
const maximumRemembered = 1000;

/** Marks tokens: one that was left somewhere is recognised. */
export const tokenPrefix = 'mig_';

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export class Access {
  readonly #database: Database;
  readonly #log: Log;
  #investigators: Promise<ReadonlyMap<Fingerprint, Investigator>> | null = null;
  readonly #remembered = new Map<string, Remembered>();
  /** Rises with each change, so that what was asked before it is not remembered after it. */
  #changes = 0;
  /** Parsed keys by armored text: parsing takes the time. */
  readonly #keys = new Map<string, PublicKey>();

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
    database.notifications.on('mig_access', () => this.forget());
  }

  /** Forgets what was remembered; the next request reads it again. */
  forget(): void {
    this.#changes += 1;
    this.#investigators = null;
    this.#remembered.clear();
  }

  /** Those who may log in. */
  investigators(): Promise<ReadonlyMap<Fingerprint, Investigator>> {
    if (this.#investigators === null) {
      const loading = this.#load();
      this.#investigators = loading;
      loading.catch(() => {
        if (this.#investigators === loading) this.#investigators = null;
      });
    }
    return this.#investigators;
  }

  async #load(): Promise<ReadonlyMap<Fingerprint, Investigator>> {
    const investigators = new Map<Fingerprint, Investigator>();
    for (const { name, fingerprint, role, disabled, publickey } of await listInvestigators(this.#database.db)) {
      if (disabled) continue;
      try {
        investigators.set(fingerprint, { name, fingerprint, role, key: await this.#readKey(publickey) });
      } catch (error) {
        this.#log.error({ investigator: name, reason: toMessage(error) }, 'public key not readable');
      }
    }
    return investigators;
  }

  async #readKey(armored: string): Promise<PublicKey> {
    const known = this.#keys.get(armored);
    if (known !== undefined) return known;
    const key = await readPublicKey(armored);
    this.#keys.set(armored, key);
    return key;
  }

  /** Null when the token is unknown, has ended, or its owner may not log in any more. */
  async principalOf(token: string): Promise<Principal | null> {
    const tokenhash = hashToken(token);
    const found = this.#recall(tokenhash) ?? (await this.#find(token, tokenhash));
    if (found === null) return null;
    const investigator = (await this.investigators()).get(found.fingerprint);
    if (investigator === undefined) return null;
    return found.kind === 'session'
      ? { kind: found.kind, tokenhash, investigator }
      : { kind: found.kind, tokenhash, investigator: { ...investigator, role: 'observer' } };
  }

  #recall(tokenhash: string): Remembered | undefined {
    const remembered = this.#remembered.get(tokenhash);
    return remembered !== undefined && remembered.untilMs > Date.now() ? remembered : undefined;
  }

  async #find(token: string, tokenhash: string): Promise<Remembered | null> {
    const changes = this.#changes;
    const kind = token.startsWith(tokenPrefix) ? 'token' : 'session';
    const row = await (kind === 'token' ? findToken : findSession)(this.#database.db, tokenhash);
    if (row === null) return null;
    const untilMs = Math.min(row.expires.getTime(), Date.now() + rememberMs);
    if (this.#remembered.size >= maximumRemembered) this.#remembered.clear();
    const found = { fingerprint: row.fingerprint, kind, untilMs } as const;
    if (changes === this.#changes) this.#remembered.set(tokenhash, found);
    return found;
  }
}
