/**
 * Results sealed to an action's reply key by HPKE (see hpke.ts) with AES-256-GCM: `enc || ciphertext` over the
 * raw-deflated canonical JSON, bound to action and agent by the AAD.
 */
import { generateKeyPairSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { CodedError } from '../base/coded-error.ts';
import type { ActionId, AgentId } from '../base/identifiers.ts';
import { maximumPlainBytes } from '../base/limits.ts';
import {
  assertWithinBounds,
  boundsOf,
  type JsonBounds,
  parseCanonicalJson,
  toCanonicalJson,
} from '../base/strict-json.ts';
import { type Binding, open, type RecipientKey, seal, toPublicKey, toRecipientKey } from '../reply-key/hpke.ts';
import { Result } from './result.ts';

type SealCode = 'seal-broken' | 'result-malformed' | 'result-large';

function toBounds(maximumBytes: number): JsonBounds {
  return { ...boundsOf(maximumBytes), maxDepth: 64 };
}

/** The largest plain result that an environment may allow: what a hostile agent can make a reader inflate and parse. */
const plainBounds = toBounds(maximumPlainBytes);
/** HPKE's `info`: what is sealed for anything else does not open as a result. */
export const resultInfo = 'mig result v3';
const info = Buffer.from(resultInfo, 'utf8');

function bindingOf(action: ActionId, agent: AgentId): Binding {
  return { info, aad: Buffer.from(`${action}:${agent}`, 'utf8') };
}

/** Both halves in base64 of the raw 32 bytes (RFC 7748). */
export interface ReplyKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function newReplyKey(): ReplyKey {
  const { d, x } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const toBase64 = (base64url = ''): string => Buffer.from(base64url, 'base64url').toString('base64');
  return { publicKey: toBase64(x), privateKey: toBase64(d) };
}

/**
 * @param replyKey the action's `replykey`.
 * @throws CodedError<StrictJsonCode> json-too-large, json-too-many-values, json-too-deep for what no reader would open.
 */
export function sealResult(result: Result, replyKey: string): Buffer {
  const json = toCanonicalJson(result);
  assertWithinBounds(json, plainBounds);
  const plain = deflateRawSync(json);
  const recipient = toPublicKey(Buffer.from(replyKey, 'base64'));
  return seal(plain, recipient, bindingOf(result.action, result.agent.id));
}

function parsePlain(plain: Buffer, bounds: JsonBounds): unknown {
  try {
    return parseCanonicalJson(plain, bounds);
  } catch (cause) {
    const isForElsewhere = bounds.maxValues < plainBounds.maxValues;
    if (isForElsewhere && cause instanceof CodedError && cause.code === 'json-too-many-values')
      throw new CodedError<SealCode>('result-large', cause.message, { cause });
    throw new CodedError<SealCode>('result-malformed', 'expected canonical JSON in the sealed result', { cause });
  }
}

/** Opens the answers of one action; the private key is imported once. */
export class ResultOpener {
  /** Needed by another process that opens an answer. */
  readonly privateKey: string;
  readonly #key: RecipientKey;

  /** @param privateKey base64, as in `ReplyKey`. */
  constructor(privateKey: string) {
    this.privateKey = privateKey;
    this.#key = toRecipientKey(Buffer.from(privateKey, 'base64'));
  }

  /**
   * @param maximumBytes plain: a result that takes more, or has more values than fit, is left for elsewhere, `result-large`.
   * @throws CodedError<SealCode> when it was sealed for something else, or holds no well-formed result of this agent.
   */
  open(
    sealed: Uint8Array,
    expected: { readonly action: ActionId; readonly agent: AgentId },
    maximumBytes = plainBounds.maxBytes,
  ): Result {
    let plain: Buffer;
    try {
      const opened = open(sealed, this.#key, bindingOf(expected.action, expected.agent));
      plain = inflateRawSync(opened, { maxOutputLength: maximumBytes });
    } catch (cause) {
      const isForElsewhere = maximumBytes < plainBounds.maxBytes;
      if (isForElsewhere && cause instanceof RangeError && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
        throw new CodedError<SealCode>('result-large', `expected a result of at most ${maximumBytes} bytes`, { cause });
      throw new CodedError<SealCode>(
        'seal-broken',
        `expected a result sealed by agent ${expected.agent} for this action`,
        { cause },
      );
    }
    const parsed = Result.safeParse(parsePlain(plain, toBounds(maximumBytes)));
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
