/** The people whom this agent obeys: those baked in, or those of the latest trust list that root keys signed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicKey } from 'openpgp';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { ActionId, Fingerprint, Sha256, sha256Hex } from '../../protocol/base/identifiers.ts';
import type { Acl, BakedEnvironment, BakedInvestigator } from '../../protocol/environment/environment.ts';
import {
  parseTrustBytes,
  TrustEnvelope,
  type TrustList,
  toEffectiveAcl,
  toInvestigators,
  verifyTrustSignatures,
} from '../../protocol/trust/trust-list.ts';
import type { TrustCode } from '../../protocol/trust/trust-refusals.ts';
import type { TrustStatus } from '../../protocol/trust/trust-status.ts';

const Stored = z.strictObject({
  envelope: TrustEnvelope,
  /** SHA-256 of the root keys, and of their threshold, that the envelope was held against. */
  roots: Sha256.optional(),
  /** Revoked by any list that this agent has ever taken. */
  revokedkeys: z.array(Fingerprint),
  revokedactions: z.array(ActionId),
});

/** The people, weights and revocations under which actions are verified. */
export interface Trust {
  readonly investigators: readonly BakedInvestigator[];
  readonly acl: Acl;
  readonly revokedKeys: ReadonlySet<Fingerprint>;
  readonly revokedActions: ReadonlySet<ActionId>;
  /** The keys of `investigators`, and those that are baked in beside them, to tell a leaver from a stranger; read once. */
  readonly readKeys: () => Promise<readonly PublicKey[]>;
}

export type TrustOutcome =
  | { readonly kind: 'taken'; readonly version: number; readonly signers: readonly string[] }
  /** Nothing new: the list that is in force, or one that was refused before. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly code: TrustCode; readonly detail: string };

/** Lists that were refused and may come again: their signatures are not checked twice. */
const maximumRemembered = 64;

async function readKeys(people: readonly BakedInvestigator[]): Promise<PublicKey[]> {
  const { readPublicKey } = await import('../../protocol/signatures/openpgp-keys.ts');
  return Promise.all(people.flatMap(({ keys }) => keys.map(({ armored }) => readPublicKey(armored))));
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** A digest of whole keys: a revocation changes a key and leaves its fingerprint as it is. */
function rootsDigestOf({ rootkeys }: BakedEnvironment): string {
  return sha256Hex(JSON.stringify(rootkeys));
}

function refusal(code: TrustCode, detail: string): CodedError<TrustCode> {
  return new CodedError<TrustCode>(code, detail);
}

export class TrustStore {
  readonly #environment: BakedEnvironment;
  readonly #path: string;
  /** SHA-256 of the lists that were refused. */
  readonly #refused = new Set<string>();
  readonly #revokedKeys = new Set<Fingerprint>();
  readonly #revokedActions = new Set<ActionId>();
  readonly #readRootKeys: () => Promise<PublicKey[]>;
  /** The version of the latest list that enough root keys signed; 0 before the first one. */
  #version = 0;
  #digest: string | null = null;
  /** The latest list that was not taken. */
  #notTaken: NonNullable<TrustStatus['refused']> | null = null;
  /** Null when there is no list, or when this build has no room for the latest. */
  #list: TrustList | null = null;
  #baked: Trust;
  #listed: Trust | null = null;

  private constructor(directory: string, environment: BakedEnvironment) {
    this.#environment = environment;
    this.#path = join(directory, 'trust.json');
    this.#readRootKeys = once(() => readKeys(environment.rootkeys?.people ?? []));
    this.#baked = this.#toTrust(environment.investigators, environment.acl);
  }

  /** The file is believed: who can write into the state folder can replace the agent as well. */
  static async open(directory: string, environment: BakedEnvironment): Promise<TrustStore> {
    const store = new TrustStore(directory, environment);
    await store.#load();
    return store;
  }

  async #load(): Promise<void> {
    if (!existsSync(this.#path)) return;
    const { envelope, roots, revokedkeys, revokedactions } = Stored.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    for (const key of revokedkeys) this.#revokedKeys.add(key);
    for (const action of revokedactions) this.#revokedActions.add(action);
    const bytes = Buffer.from(envelope.payload, 'base64');
    try {
      // A new build can have other root keys: what only the former ones have signed is worth nothing any more.
      if (roots !== rootsDigestOf(this.#environment)) await this.#verify(envelope, new Date());
      const list = parseTrustBytes(bytes);
      this.#assertOurs(list);
      // It can also have narrower bounds: then the list gives nothing, but older ones do not come back.
      this.#version = list.version;
      this.#adopt(list, sha256Hex(bytes));
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
    }
  }

  /** The people with root keys who signed. @throws CodedError<TrustCode> */
  async #verify(envelope: TrustEnvelope, latest: Date): Promise<string[]> {
    const { rootkeys } = this.#environment;
    if (rootkeys === null) throw refusal('trust-not-configured', 'no root keys are baked in');
    return verifyTrustSignatures(envelope, rootkeys, await this.#readRootKeys(), latest);
  }

  #toTrust(investigators: readonly BakedInvestigator[], acl: Acl): Trust {
    return {
      investigators,
      acl,
      revokedKeys: this.#revokedKeys,
      revokedActions: this.#revokedActions,
      readKeys: once(() => readKeys([...investigators, ...this.#leavers(investigators)])),
    };
  }

  #leavers(present: readonly BakedInvestigator[]): BakedInvestigator[] {
    const known = new Set(present.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint)));
    return this.#environment.investigators.map(({ name, keys }) => ({
      name,
      keys: keys.filter(({ fingerprint }) => !known.has(fingerprint)),
    }));
  }

  #assertOurs({ fleet }: TrustList): void {
    if (fleet !== this.#environment.name) throw refusal('trust-wrong-fleet', `the list is for '${fleet}'`);
  }

  /** @throws CodedError<TrustCode> */
  #adopt(list: TrustList, digest: string): void {
    const { investigators } = this.#environment;
    this.#listed = this.#toTrust(toInvestigators(list, investigators), toEffectiveAcl(list, this.#environment));
    this.#list = list;
    this.#digest = digest;
  }

  /** After its expiry a list gives nothing any more; what it or an earlier one revoked stays revoked. */
  current(nowMs: number): Trust {
    const isInForce = this.#list !== null && nowMs < Date.parse(this.#list.expires);
    return isInForce && this.#listed !== null ? this.#listed : this.#baked;
  }

  /** Null when no root keys are baked in. */
  get status(): TrustStatus | null {
    if (this.#environment.rootkeys === null) return null;
    const digest = this.#digest === null ? {} : { digest: this.#digest };
    const refused = this.#notTaken === null ? {} : { refused: this.#notTaken };
    return { version: this.#list?.version ?? 0, expires: this.#list?.expires ?? null, ...digest, ...refused };
  }

  /** A list that is taken is on the disk when this resolves. Never throws for what a list says. */
  async receive(envelope: TrustEnvelope, nowMs: number): Promise<TrustOutcome> {
    const bytes = Buffer.from(envelope.payload, 'base64');
    const digest = sha256Hex(bytes);
    if (digest === this.#digest) return { kind: 'known' };
    const id = sha256Hex(JSON.stringify(envelope));
    if (this.#refused.has(id)) return { kind: 'known' };
    try {
      return await this.#take(envelope, bytes, digest, nowMs);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // Its time may come.
      if (error.code !== 'trust-not-yet-valid') this.#remember(id);
      this.#notTaken = { digest, code: error.code };
      return { kind: 'refused', code: error.code as TrustCode, detail: error.message };
    }
  }

  #remember(id: string): void {
    this.#refused.add(id);
    const [oldest] = this.#refused;
    if (oldest !== undefined && this.#refused.size > maximumRemembered) this.#refused.delete(oldest);
  }

  async #take(envelope: TrustEnvelope, bytes: Buffer, digest: string, nowMs: number): Promise<TrustOutcome> {
    const { limits, investigators } = this.#environment;
    const latestMs = nowMs + limits.clockSkewSeconds * 1000;
    const signers = await this.#verify(envelope, new Date(latestMs));
    const list = parseTrustBytes(bytes);
    this.#assertOurs(list);
    if (list.version <= this.#version)
      throw refusal('trust-older', `version ${list.version}, ${this.#version} is known`);
    if (Date.parse(list.issued) > latestMs) throw refusal('trust-not-yet-valid', `issued ${list.issued}`);
    if (Date.parse(list.expires) <= nowMs) throw refusal('trust-expired', `expired ${list.expires}`);
    const people = toInvestigators(list, investigators);
    toEffectiveAcl(list, this.#environment);
    await this.#assertReadable(people);
    const revokedkeys = [...new Set([...this.#revokedKeys, ...list.revokedkeys])];
    const revokedactions = [...new Set([...this.#revokedActions, ...list.revokedactions])];
    const stored: z.infer<typeof Stored> = {
      envelope,
      roots: rootsDigestOf(this.#environment),
      revokedkeys,
      revokedactions,
    };
    replaceDurably(this.#path, Buffer.from(JSON.stringify(stored)));
    for (const key of revokedkeys) this.#revokedKeys.add(key);
    for (const action of revokedactions) this.#revokedActions.add(action);
    this.#version = list.version;
    this.#adopt(list, digest);
    this.#notTaken = null;
    return { kind: 'taken', version: list.version, signers };
  }

  /** Refuses lists with an unreadable or misnamed key, which could leave nobody to obey. */
  async #assertReadable(people: readonly BakedInvestigator[]): Promise<void> {
    const { fingerprintOf, readPublicKey } = await import('../../protocol/signatures/openpgp-keys.ts');
    for (const { fingerprint, armored } of people.flatMap(({ keys }) => keys)) {
      let found: Fingerprint;
      try {
        found = fingerprintOf(await readPublicKey(armored));
      } catch (cause) {
        throw new CodedError<TrustCode>('trust-malformed', `the key ${fingerprint}: ${toMessage(cause)}`, { cause });
      }
      if (found !== fingerprint) throw refusal('trust-malformed', `expected the key ${fingerprint}, got ${found}`);
    }
  }
}
