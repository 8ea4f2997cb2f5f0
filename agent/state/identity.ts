/** The agent's own key: made at first start and bound to the machine, so that a cloned image gets a new identity. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import { toRawPublicKey } from '../../protocol/agent-message/agent-message.ts';
import { AgentId, agentIdOf, Sha256, sha256Hex } from '../../protocol/base/identifiers.ts';
import { readMachineId } from '../system/machine-id.ts';

export interface Identity {
  readonly id: AgentId;
  readonly privateKey: KeyObject;
  /** Base64 of the raw 32 bytes. */
  readonly publicKey: string;
}

export interface StoredAgent extends Identity {
  /** The agent whose state was found on this machine when the key was made, because it was copied; null when there was none. */
  readonly copiedFrom: AgentId | null;
}

const StoredIdentity = z.strictObject({
  /** PKCS #8 in base64. */
  privatekey: z.base64(),
  /** SHA-256 of the machine id for which the key was made. */
  machine: Sha256,
  /** See `StoredAgent`. */
  copiedfrom: AgentId.nullable(),
});
type StoredIdentity = z.infer<typeof StoredIdentity>;

function toStoredAgent({ privatekey, copiedfrom }: StoredIdentity): StoredAgent {
  const privateKey = createPrivateKey({ key: Buffer.from(privatekey, 'base64'), format: 'der', type: 'pkcs8' });
  const raw = toRawPublicKey(createPublicKey(privateKey));
  return { id: agentIdOf(raw), privateKey, publicKey: raw.toString('base64'), copiedFrom: copiedfrom };
}

function identityPath(stateDirectory: string): string {
  return join(stateDirectory, 'identity.json');
}

/** The identity in the folder, of whichever machine. */
function readStored(stateDirectory: string): StoredIdentity | null {
  const path = identityPath(stateDirectory);
  if (!existsSync(path)) return null;
  return StoredIdentity.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
}

function machineDigest(): string {
  return sha256Hex(`mig-agent machine ${readMachineId()}`);
}

/** The identity in `stateDirectory`; null when there is none or it was made on another machine. */
export function readIdentity(stateDirectory: string): Identity | null {
  const stored = readStored(stateDirectory);
  return stored?.machine === machineDigest() ? toStoredAgent(stored) : null;
}

/** The identity in `stateDirectory`, made now when there is none for this machine. */
export function loadIdentity(stateDirectory: string): StoredAgent {
  const stored = readStored(stateDirectory);
  const machine = machineDigest();
  if (stored?.machine === machine) return toStoredAgent(stored);
  const { privateKey } = generateKeyPairSync('ed25519');
  const made: StoredIdentity = {
    privatekey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    machine,
    copiedfrom: stored === null ? null : toStoredAgent(stored).id,
  };
  replaceDurably(identityPath(stateDirectory), Buffer.from(JSON.stringify(made)));
  return toStoredAgent(made);
}

/** The part of the state that belongs to one identity: a cloned image starts with a ledger and a log of its own. */
export function identityDirectory(stateDirectory: string, identity: Identity): string {
  return join(stateDirectory, identity.id.slice(0, 16));
}
