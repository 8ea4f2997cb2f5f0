/**
 * A message of an agent, signed:
 *
 *     signature (64 bytes) || public key (32) || "mig agent v4\n" || length of the JSON (4, big-endian) || JSON || sealed
 *
 * Ed25519 (RFC 8032) signs all that follows the signature. The agent's id is the hash of the public key. The head has a fixed
 * size: the signature is verified before anything behind it is parsed. `sealed` is a sealed `Result`; other messages have none.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { CodedError } from '../base/coded-error.ts';
import { ActionId, AgentId, agentIdOf, CommandId, InstanceId, Sha256 } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { maximumAgentMessageBytes, maximumAgentTextBytes, maximumFacts, maximumTags } from '../base/limits.ts';
import { parseCanonicalJson, toCanonicalJson } from '../base/strict-json.ts';
import { TrustStatus } from '../trust/trust-status.ts';
import { RefusalCode } from './refusal.ts';

/** The context of an agent's signature: one that was made for anything else does not fit. */
export const agentContext = 'mig agent v4\n';
const contextBytes = Buffer.from(agentContext, 'utf8');
const signatureBytes = 64;
const publicKeyBytes = 32;
const lengthOffset = signatureBytes + publicKeyBytes + contextBytes.length;
const headBytes = lengthOffset + 4;
/** An agent's facts and tags have the most values. */
const textBounds = { maxBytes: maximumAgentTextBytes, maxValues: 4096, maxDepth: 8 };

const speaker = {
  /** The hash of the key. Both come from the head of the message, not from its JSON. */
  agent: AgentId,
  /** Raw Ed25519 public key, base64 of 32 bytes. */
  publickey: z.base64().length(44),
};

/** Without NUL, which PostgreSQL's text and jsonb cannot hold. */
function text(maximumCharacters: number) {
  return z
    .string()
    .max(maximumCharacters)
    .regex(/^[^\0]*$/, 'expected text without NUL');
}

function hasAtMost(maximumKeys: number): (record: object) => boolean {
  return (record) => Object.keys(record).length <= maximumKeys;
}

const Facts = z
  .record(text(64), z.union([text(1024), z.array(text(256)).max(256)]))
  .refine(hasAtMost(maximumFacts), `expected at most ${maximumFacts} facts`);

/** Facts of an agent about itself and its host: the columns that a target can ask for. */
export const AgentFacts = z.strictObject({
  name: text(255).min(1),
  /** `os.name`, as the original's queue location: `linux.web1.example.org`. */
  queueloc: text(300),
  mode: z.enum(['daemon', 'checkin']),
  version: text(64),
  /** `os`, `arch`, `ident` and `addresses` of the host. */
  environment: Facts,
  tags: z.record(text(64), text(256)).refine(hasAtMost(maximumTags), `expected at most ${maximumTags} tags`),
});
export type AgentFacts = z.infer<typeof AgentFacts>;

/** Rises with every heartbeat and every report of an agent, across restarts; numbers may be left out. */
const Sequence = z.int().min(0);
/** Each takes an honest action: more of them than anybody asks of one agent while an action lasts. */
export const maximumReported = 64;

export const Heartbeat = z.strictObject({
  kind: z.literal('heartbeat'),
  ...speaker,
  fleet: text(64),
  instance: InstanceId,
  sequence: Sequence,
  /** Head of the audit log. A log that was cut off has an earlier head than a heartbeat before told. */
  audit: z.strictObject({ sequence: z.int().min(0), hash: Sha256 }),
  /** The latest commands that it has reported on: a relay that keeps a report back is seen by it. */
  reported: z.array(CommandId).max(maximumReported),
  /** Absent when the agent knows only whom it was built with. */
  trust: TrustStatus.optional(),
  facts: AgentFacts,
  /** Number of this connection to the broker since the agent's start. */
  link: z.int().min(1),
  starttime: Instant,
  time: Instant,
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** The result of a command, sealed to the action's reply key. With `RefusalMessage`, what is called a report. */
export const ResultMessage = z.strictObject({
  kind: z.literal('result'),
  ...speaker,
  sequence: Sequence,
  command: CommandId,
  action: ActionId,
  /** SHA-256 of the signed bytes that were run. */
  actiondigest: Sha256,
  /**
   * `failed` when an operation was not carried out (crash, time, memory), never for finding nothing; `cancelled` when the
   * relay passed on that it should stop, with what was found until then.
   */
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  /** The sealed `Result`, behind the JSON of the message. */
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected a sealed result'),
});
export type ResultMessage = z.infer<typeof ResultMessage>;

/** A command that takes longer than a moment: its modules have begun and work on. */
const RunningMessage = z.strictObject({ kind: z.literal('running'), ...speaker, command: CommandId });

/** A command that was not run. It says which check failed and nothing about the host. */
export const RefusalMessage = z.strictObject({
  kind: z.literal('refusal'),
  ...speaker,
  sequence: Sequence,
  /** The id that the relay gave. */
  command: CommandId,
  /** SHA-256 of the bytes that came as the payload. */
  actiondigest: Sha256,
  code: RefusalCode,
  time: Instant,
});
export type RefusalMessage = z.infer<typeof RefusalMessage>;

export const AgentMessage = z.discriminatedUnion('kind', [Heartbeat, RunningMessage, ResultMessage, RefusalMessage]);
export type AgentMessage = z.infer<typeof AgentMessage>;

type AgentMessageCode = 'agent-message-malformed' | 'agent-message-forged';

/** Bytes before the raw key in the DER of a SubjectPublicKeyInfo for Ed25519 (RFC 8410, 4). */
const prefixBytes = 12;

/** Raw 32 bytes of an Ed25519 public key object. */
export function toRawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(prefixBytes);
}

/** Of private keys. Deriving one takes half as long as the signature. */
const derivedKeys = new WeakMap<KeyObject, Buffer>();

function publicHalfOf(privateKey: KeyObject): Buffer {
  const known = derivedKeys.get(privateKey);
  if (known !== undefined) return known;
  const raw = toRawPublicKey(createPublicKey(privateKey));
  derivedKeys.set(privateKey, raw);
  return raw;
}

export function signAgentMessage(message: AgentMessage, privateKey: KeyObject): Buffer {
  const { agent: _agent, publickey: _publickey, ...said } = message;
  const { sealed, ...fields } = said.kind === 'result' ? said : { ...said, sealed: new Uint8Array() };
  return signAgentBytes(toCanonicalJson(fields), privateKey, sealed);
}

/** Signs any bytes as if they were the JSON and the sealed part of a message. */
export function signAgentBytes(json: Uint8Array, privateKey: KeyObject, sealed: Uint8Array = new Uint8Array()): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const body = Buffer.concat([publicHalfOf(privateKey), contextBytes, length, json, sealed]);
  return Buffer.concat([sign(null, body, privateKey), body]);
}

function refuse(code: AgentMessageCode, message: string, cause?: unknown): never {
  throw new CodedError<AgentMessageCode>(code, message, { cause });
}

/** @returns the public key that signed; it speaks for its own agent alone. @throws CodedError<AgentMessageCode> */
function verifyHead(message: Buffer, maximumBytes: number): Buffer {
  if (message.length > maximumBytes)
    refuse('agent-message-malformed', `expected an agent message of at most ${maximumBytes} bytes`);
  if (
    message.length < headBytes ||
    !contextBytes.equals(message.subarray(signatureBytes + publicKeyBytes, lengthOffset))
  )
    refuse('agent-message-malformed', 'expected a signed agent message');
  const rawKey = message.subarray(signatureBytes, signatureBytes + publicKeyBytes);
  // As JWK (RFC 8037) in half the time of DER.
  const x = rawKey.toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (!verify(null, message.subarray(signatureBytes), key, message.subarray(0, signatureBytes)))
    refuse('agent-message-forged', `expected a valid signature of agent ${agentIdOf(rawKey)}`);
  return rawKey;
}

function parseText(json: Uint8Array): object {
  let value: unknown;
  try {
    value = parseCanonicalJson(json, textBounds);
  } catch (cause) {
    refuse('agent-message-malformed', 'expected canonical JSON in the agent message', cause);
  }
  if (typeof value !== 'object' || value === null) refuse('agent-message-malformed', 'expected an object');
  // The head alone tells whose message it is.
  if (Object.hasOwn(value, 'agent') || Object.hasOwn(value, 'publickey') || Object.hasOwn(value, 'sealed'))
    refuse('agent-message-malformed', 'expected no agent, publickey or sealed in the JSON');
  return value;
}

/**
 * Checks signature, id and form of what claims to come from an agent, in this order.
 * @param maximumBytes 64 KiB and the head where no results are expected.
 * @throws CodedError<AgentMessageCode>
 */
export function verifyAgentMessage(bytes: Uint8Array, maximumBytes = maximumAgentMessageBytes): AgentMessage {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rawKey = verifyHead(message, maximumBytes);
  const jsonEnd = headBytes + message.readUInt32BE(lengthOffset);
  if (jsonEnd > message.length) refuse('agent-message-malformed', 'expected as much JSON as is announced');
  const sealed = message.subarray(jsonEnd);
  const parsed = AgentMessage.safeParse({
    ...parseText(message.subarray(headBytes, jsonEnd)),
    agent: agentIdOf(rawKey),
    publickey: rawKey.toString('base64'),
    ...(sealed.length > 0 ? { sealed } : {}),
  });
  if (!parsed.success) refuse('agent-message-malformed', z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

/** The largest message that brings no result. */
export const maximumPlainMessageBytes = headBytes + maximumAgentTextBytes;
