/** The agent's own key: made at first start and bound to the machine, so that a cloned image gets a new identity. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { toRawPublicKey } from '../protocol/agent-message.ts';
import { type AgentId, agentIdOf, Sha256, sha256Hex } from '../protocol/identifiers.ts';
import { writeDurably } from './durable-file.ts';

export interface Identity {
  readonly id: AgentId;
  readonly privateKey: KeyObject;
  /** Base64 of the raw 32 bytes. */
  readonly publicKey: string;
}

const StoredIdentity = z.strictObject({
  /** PKCS #8 in base64. */
  privatekey: z.base64(),
  /** SHA-256 of the machine id for which the key was made. */
  machine: Sha256,
});

/** systemd's machine id (machine-id(5)), which images are delivered without; empty where there is none. */
function readMachineId(): string {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id'])
    if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  return '';
}

function toIdentity(privateKey: KeyObject): Identity {
  const raw = toRawPublicKey(createPublicKey(privateKey));
  return { id: agentIdOf(raw), privateKey, publicKey: raw.toString('base64') };
}

function readStored(path: string, machine: string): Identity | null {
  if (!existsSync(path)) return null;
  const stored = StoredIdentity.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!stored.success || stored.data.machine !== machine) return null;
  return toIdentity(
    createPrivateKey({ key: Buffer.from(stored.data.privatekey, 'base64'), format: 'der', type: 'pkcs8' }),
  );
}

function identityPath(stateDirectory: string): string {
  return join(stateDirectory, 'identity.json');
}

function machineDigest(): string {
  return sha256Hex(`mig-agent machine ${readMachineId()}`);
}

/** The identity in `stateDirectory`; null when there is none or it was made on another machine. */
export function readIdentity(stateDirectory: string): Identity | null {
  return readStored(identityPath(stateDirectory), machineDigest());
}

/** The identity in `stateDirectory`, made now when there is none for this machine. */
export function loadIdentity(stateDirectory: string): Identity {
  const stored = readIdentity(stateDirectory);
  if (stored !== null) return stored;
  const { privateKey } = generateKeyPairSync('ed25519');
  const privatekey = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  writeDurably(identityPath(stateDirectory), Buffer.from(JSON.stringify({ privatekey, machine: machineDigest() })));
  return toIdentity(privateKey);
}

/** The part of the state that belongs to one identity: a cloned image starts with a ledger and a log of its own. */
export function identityDirectory(stateDirectory: string, identity: Identity): string {
  return join(stateDirectory, identity.id.slice(0, 16));
}
