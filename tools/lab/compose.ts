/** Actions as an investigator's tool makes them, with every part open to being made wrong. */

import { readFileSync } from 'node:fs';
import { createMessage, type PrivateKey, readPrivateKey, sign } from 'openpgp';
import { type Action, toInstant } from '../../protocol/action.ts';
import { type Envelope, toSignedBytes } from '../../protocol/envelope.ts';
import { type AgentId, type CommandId, commandIdOf, Fingerprint, newActionId } from '../../protocol/identifiers.ts';
import { newReplyKey, type ReplyKey } from '../../protocol/sealed.ts';
import type { CommandMessage } from '../../protocol/topology.ts';
import type { LabInvestigator } from './investigator-key.ts';

export function readSecretKey(investigator: LabInvestigator): Promise<PrivateKey> {
  return readPrivateKey({ armoredKey: readFileSync(investigator.secretKeyFile, 'utf8') });
}

export interface Composed {
  readonly action: Action;
  readonly replyKey: ReplyKey;
}

export async function composeAction(
  fleet: string,
  reader: LabInvestigator,
  changes: Partial<Action> = {},
): Promise<Composed> {
  const replyKey = newReplyKey();
  const now = Date.now();
  const action: Action = {
    syntaxversion: 3,
    id: newActionId(),
    fleet,
    name: 'test',
    description: {},
    threat: {},
    target: 'all',
    validfrom: toInstant(now - 60_000),
    expireafter: toInstant(now + 300_000),
    operations: [{ module: 'fault', parameters: { fault: 'none' } }],
    limits: {},
    replykey: replyKey.publicKey,
    readers: [Fingerprint.parse(reader.fingerprint)],
    ...changes,
  };
  return { action, replyKey };
}

export async function signBytes(bytes: Uint8Array, signer: LabInvestigator): Promise<string> {
  const message = await createMessage({ binary: bytes });
  return (await sign({
    message,
    signingKeys: await readSecretKey(signer),
    detached: true,
    format: 'armored',
  })) as string;
}

export async function toEnvelope(action: Action, signers: readonly LabInvestigator[]): Promise<Envelope> {
  const bytes = toSignedBytes(action);
  const signatures = await Promise.all(signers.map((signer) => signBytes(bytes, signer)));
  return { payload: bytes.toString('base64'), signatures };
}

export function toCommand(action: Action, agent: AgentId, envelope: Envelope): CommandMessage {
  const id: CommandId = commandIdOf(action.id, agent);
  return { id, envelope };
}
