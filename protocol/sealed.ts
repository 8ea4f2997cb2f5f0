/**
 * Results sealed to an action's reply key: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
 * AES-256-GCM; `enc || ciphertext` over the raw-deflated canonical JSON, bound to action and agent by the AAD.
 */
import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import * as z from 'zod';
import { CodedError } from './coded-error.ts';
import type { ActionId, AgentId } from './identifiers.ts';
import { Result } from './result.ts';
import { parseCanonicalJson, toCanonicalJson } from './strict-json.ts';

export type SealCode = 'seal-broken' | 'result-malformed';

const encapsulatedKeyBytes = 32;
/** Twice the largest plain result that an environment may allow: what a hostile agent can make a reader inflate. */
const maximumPlainBytes = 128 * 1024 * 1024;
const info = Buffer.from('mig result v3', 'utf8');

function suite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

function aadOf(action: ActionId, agent: AgentId): Buffer {
  return Buffer.from(`${action}:${agent}`, 'utf8');
}

/** Both halves in base64 of the raw 32 bytes (RFC 7748). */
export interface ReplyKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Made without webcrypto, whose loading would keep an investigator waiting before the action can be signed. */
export function newReplyKey(): ReplyKey {
  const { d, x } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const toBase64 = (base64url = ''): string => Buffer.from(base64url, 'base64url').toString('base64');
  return { publicKey: toBase64(x), privateKey: toBase64(d) };
}

/** @param replyKey the action's `replykey`. @returns base64. */
export async function sealResult(result: Result, replyKey: string): Promise<string> {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(Buffer.from(replyKey, 'base64'));
  const sender = await hpke.createSenderContext({ recipientPublicKey, info });
  const plain = deflateRawSync(toCanonicalJson(result));
  const ciphertext = await sender.seal(plain, aadOf(result.action, result.agent.id));
  return Buffer.concat([Buffer.from(sender.enc), Buffer.from(ciphertext)]).toString('base64');
}

/** Opens the answers of one action; the private key is imported once. */
export class ResultOpener {
  readonly #privateKey: webcrypto.CryptoKey;
  readonly #suite = suite();

  private constructor(privateKey: webcrypto.CryptoKey) {
    this.#privateKey = privateKey;
  }

  /** @param privateKey base64, as in `ReplyKey`. */
  static async create(privateKey: string): Promise<ResultOpener> {
    return new ResultOpener(await suite().kem.deserializePrivateKey(Buffer.from(privateKey, 'base64')));
  }

  /** @throws CodedError<SealCode> when it was sealed for something else, or holds no well-formed result of this agent. */
  async open(sealed: string, expected: { readonly action: ActionId; readonly agent: AgentId }): Promise<Result> {
    const bytes = Buffer.from(sealed, 'base64');
    let plain: Buffer;
    try {
      const recipient = await this.#suite.createRecipientContext({
        recipientKey: this.#privateKey,
        enc: bytes.subarray(0, encapsulatedKeyBytes),
        info,
      });
      const opened = await recipient.open(bytes.subarray(encapsulatedKeyBytes), aadOf(expected.action, expected.agent));
      plain = inflateRawSync(Buffer.from(opened), { maxOutputLength: maximumPlainBytes });
    } catch (cause) {
      throw new CodedError<SealCode>(
        'seal-broken',
        `expected a result sealed by agent ${expected.agent} for this action`,
        { cause },
      );
    }
    const parsed = Result.safeParse(parseCanonicalJson(plain, { maxBytes: maximumPlainBytes, maxDepth: 64 }));
    if (!parsed.success)
      throw new CodedError<SealCode>('result-malformed', z.prettifyError(parsed.error), { cause: parsed.error });
    if (parsed.data.action !== expected.action || parsed.data.agent.id !== expected.agent)
      throw new CodedError<SealCode>(
        'result-malformed',
        `expected the result of agent ${expected.agent} for action ${expected.action}`,
      );
    return parsed.data;
  }
}
