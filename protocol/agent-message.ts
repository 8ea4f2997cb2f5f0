/**
 * Everything that an agent says: one signed message, `signature (64 bytes) || "mig agent v3\n" || canonical JSON`,
 * Ed25519 (RFC 8032) by the key whose hash is the agent's id.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { Instant } from './action.ts';
import { CodedError } from './coded-error.ts';
import { ActionId, AgentId, agentIdOf, CommandId, InstanceId, Sha256 } from './identifiers.ts';
import { maximumAgentMessageBytes } from './limits.ts';
import { RefusalCode } from './refusal.ts';
import { parseCanonicalJson, toCanonicalJson } from './strict-json.ts';
import { TrustStatus } from './trust-status.ts';

const contextBytes = Buffer.from('mig agent v3\n', 'utf8');
const signatureBytes = 64;
/** An agent's facts and tags have the most. */
const maximumAgentMessageValues = 4096;

const speaker = {
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

const Facts = z.record(text(64), z.union([text(1024), z.array(text(256)).max(256)]));

/** What an agent says of itself; the columns that a target can ask for. */
export const AgentFacts = z.strictObject({
  name: text(255).min(1),
  /** `os.name`, as the original's queue location: `linux.web1.example.org`. */
  queueloc: text(300),
  mode: z.enum(['daemon', 'checkin']),
  version: text(64),
  /** `os`, `arch`, `ident` and `addresses` of the host. */
  environment: Facts,
  tags: z.record(text(64), text(256)),
});
export type AgentFacts = z.infer<typeof AgentFacts>;

/** Rises with every heartbeat and every report of an agent, across restarts; numbers may be left out. */
const Sequence = z.int().min(0);
/** Each takes an honest question: more of them than anybody asks of one agent while a question lasts. */
export const maximumAnswered = 64;

export const Heartbeat = z.strictObject({
  kind: z.literal('heartbeat'),
  ...speaker,
  fleet: text(64),
  instance: InstanceId,
  sequence: Sequence,
  /** Where the owner's log stands: a log that was cut off has an earlier head than one that was told before. */
  audit: z.strictObject({ sequence: z.int().min(0), hash: Sha256 }),
  /** The latest commands that it has carried out: a relay that keeps an answer back is seen by it. */
  answered: z.array(CommandId).max(maximumAnswered),
  /** Absent when the agent knows only whom it was built with. */
  trust: TrustStatus.optional(),
  facts: AgentFacts,
  /** Which of the connections to the broker this is that it has had since its start: rises with each. */
  link: z.int().min(1),
  starttime: Instant,
  time: Instant,
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** The answer to a command, sealed to the action's reply key. */
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
  /** Base64 of the sealed `Result`. */
  sealed: z.base64(),
});
export type ResultMessage = z.infer<typeof ResultMessage>;

/** A command that takes longer than a moment: its modules have begun and work on. */
export const RunningMessage = z.strictObject({ kind: z.literal('running'), ...speaker, command: CommandId });
export type RunningMessage = z.infer<typeof RunningMessage>;

/** A command that was not run. It says which check failed and nothing about the host. */
export const RefusalMessage = z.strictObject({
  kind: z.literal('refusal'),
  ...speaker,
  sequence: Sequence,
  /** As the relay named it. */
  command: CommandId,
  /** SHA-256 of the bytes that came as the payload. */
  actiondigest: Sha256,
  code: RefusalCode,
  time: Instant,
});
export type RefusalMessage = z.infer<typeof RefusalMessage>;

export const AgentMessage = z.discriminatedUnion('kind', [Heartbeat, RunningMessage, ResultMessage, RefusalMessage]);
export type AgentMessage = z.infer<typeof AgentMessage>;

export type AgentMessageCode = 'agent-message-malformed' | 'agent-message-forged';

/** DER prefix of a SubjectPublicKeyInfo for Ed25519 (RFC 8410, 4); the raw key follows. */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Raw 32 bytes of an Ed25519 public key object. */
export function toRawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(ed25519Prefix.length);
}

export function signAgentMessage(message: AgentMessage, privateKey: KeyObject): Buffer {
  const body = Buffer.concat([contextBytes, toCanonicalJson(message)]);
  return Buffer.concat([sign(null, body, privateKey), body]);
}

/**
 * Checks form, id and signature of what claims to come from an agent.
 * @throws CodedError<AgentMessageCode>
 */
export function verifyAgentMessage(bytes: Uint8Array): AgentMessage {
  const body = bytes.subarray(signatureBytes);
  if (!contextBytes.equals(body.subarray(0, contextBytes.length)))
    throw new CodedError<AgentMessageCode>('agent-message-malformed', 'expected a signed agent message');
  let value: unknown;
  try {
    value = parseCanonicalJson(body.subarray(contextBytes.length), {
      maxBytes: maximumAgentMessageBytes,
      maxValues: maximumAgentMessageValues,
    });
  } catch (cause) {
    throw new CodedError<AgentMessageCode>('agent-message-malformed', 'expected canonical JSON in the agent message', {
      cause,
    });
  }
  const parsed = AgentMessage.safeParse(value);
  if (!parsed.success)
    throw new CodedError<AgentMessageCode>('agent-message-malformed', z.prettifyError(parsed.error), {
      cause: parsed.error,
    });
  const message = parsed.data;
  const rawKey = Buffer.from(message.publickey, 'base64');
  if (agentIdOf(rawKey) !== message.agent)
    throw new CodedError<AgentMessageCode>(
      'agent-message-forged',
      `expected the key of agent ${message.agent}, got another key`,
    );
  const key = createPublicKey({ key: Buffer.concat([ed25519Prefix, rawKey]), format: 'der', type: 'spki' });
  if (!verify(null, body, key, bytes.subarray(0, signatureBytes)))
    throw new CodedError<AgentMessageCode>(
      'agent-message-forged',
      `expected a valid signature of agent ${message.agent}`,
    );
  return message;
}
