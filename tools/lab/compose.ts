/** Actions as an investigator's tool makes them, with every part open to being made wrong. */

import { readFileSync } from 'node:fs';
import { createMessage, encrypt, type PrivateKey, readKey, readPrivateKey, sign } from 'openpgp';
import { type Action, toInstant } from '../../protocol/action/action.ts';
import { type Envelope, toSignedBytes } from '../../protocol/action/envelope.ts';
import { toWrappedReplyKeyDigest } from '../../protocol/action/wrapped-reply-key.ts';
import {
  type ActionId,
  type AgentId,
  type CommandId,
  commandIdOf,
  Fingerprint,
  newActionId,
} from '../../protocol/base/identifiers.ts';
import { newReplyKey, type ReplyKey } from '../../protocol/result/sealed.ts';
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
    // Of nothing: the agents never see the wrapped key. What goes to a relay brings its own.
    wrappedreplykeydigest: toWrappedReplyKeyDigest(''),
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

/** Text that the owners of these keys can read, armored. */
export async function encryptFor(readers: readonly LabInvestigator[], text: string): Promise<string> {
  const keys = readers.map(({ publicKeyFile }) => readKey({ armoredKey: readFileSync(publicKeyFile, 'utf8') }));
  const message = await createMessage({ text });
  return encrypt({ message, encryptionKeys: await Promise.all(keys), format: 'armored' });
}

/** The private half of a reply key as it waits on the relay. */
export function wrapFor(readers: readonly LabInvestigator[], action: ActionId, { privateKey }: ReplyKey) {
  return encryptFor(readers, JSON.stringify({ action, replykey: privateKey }));
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
