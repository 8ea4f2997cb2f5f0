/** The identifiers that cross between parties, as branded strings: only the parsers here make them. */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';

/** SHA-256 of the agent's raw Ed25519 public key, 64 lower-case hex digits: nobody can answer for another. */
export const AgentId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
  .brand<'AgentId'>();
export type AgentId = z.infer<typeof AgentId>;

/** 128 random bits, 32 lower-case hex digits. */
export const ActionId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits')
  .brand<'ActionId'>();
export type ActionId = z.infer<typeof ActionId>;

/** One action for one agent: the first 32 hex digits of SHA-256 over `action:agent`, so that every party derives it. */
export const CommandId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits')
  .brand<'CommandId'>();
export type CommandId = z.infer<typeof CommandId>;

/** One start of an agent: 128 random bits, 32 lower-case hex digits. Two at a time mean that its key has been copied. */
export const InstanceId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits')
  .brand<'InstanceId'>();
export type InstanceId = z.infer<typeof InstanceId>;

/** An OpenPGP version 4 fingerprint (RFC 9580, 5.5.4.2), 40 upper-case hex digits as gpg prints it; as programs write it. */
export const PlainFingerprint = z
  .string()
  .regex(/^[0-9A-F]{40}$/, 'expected an OpenPGP fingerprint of 40 hex digits')
  .brand<'Fingerprint'>();

/** The same as people write it: small letters, spaces, colons and 0x are taken, too. */
export const Fingerprint = z
  .string()
  .transform((text) => text.replaceAll(/[\s:]/g, '').replace(/^0x/i, '').toUpperCase())
  .pipe(PlainFingerprint);
export type Fingerprint = z.infer<typeof Fingerprint>;

/** SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 of 64 lower-case hex digits');

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function newActionId(): ActionId {
  return ActionId.parse(randomBytes(16).toString('hex'));
}

export function newInstanceId(): InstanceId {
  return InstanceId.parse(randomBytes(16).toString('hex'));
}

export function commandIdOf(action: ActionId, agent: AgentId): CommandId {
  return CommandId.parse(sha256Hex(`${action}:${agent}`).slice(0, 32));
}

/** @param publicKey the raw 32 bytes of an Ed25519 public key (RFC 8032). */
export function agentIdOf(publicKey: Uint8Array): AgentId {
  return AgentId.parse(sha256Hex(publicKey));
}
