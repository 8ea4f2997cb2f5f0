/** Makes actions as an investigator's tool does; every part can be made wrong. */

import { readFileSync } from 'node:fs';
import { armor, createMessage, encrypt, enums, type PrivateKey, readKey, readPrivateKey, sign } from 'openpgp';
import type { Action } from '../../protocol/action/action.ts';
import { type Envelope, toSignedBytes } from '../../protocol/action/envelope.ts';
import { newAction } from '../../protocol/action/testing/new-action.ts';
import {
  type ActionId,
  type AgentId,
  type CommandId,
  commandIdOf,
  Fingerprint,
} from '../../protocol/base/identifiers.ts';
import { newReplyKey, type ReplyKey } from '../../protocol/result/sealed.ts';
import type { CommandMessage } from '../../protocol/topology.ts';
import type { LabInvestigator } from './investigator-key.ts';

function readSecretKey(investigator: LabInvestigator): Promise<PrivateKey> {
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
  const readers = [Fingerprint.parse(reader.fingerprint)];
  const action = newAction({ fleet, replykey: replyKey.publicKey, readers, ...changes });
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

/** Encrypts a text to the owners of these keys, armored. */
/** @param hidden can open it as well; their session keys do not tell whom they are for. */
export async function encryptFor(
  readers: readonly LabInvestigator[],
  text: string,
  hidden: readonly LabInvestigator[] = [],
): Promise<string> {
  const read = ({ publicKeyFile }: LabInvestigator) => readKey({ armoredKey: readFileSync(publicKeyFile, 'utf8') });
  const encryptionKeys = await Promise.all([...readers, ...hidden].map(read));
  const message = await createMessage({ text });
  if (hidden.length === 0) return encrypt({ message, encryptionKeys, format: 'armored' });
  const bytes = Buffer.from(await encrypt({ message, encryptionKeys, format: 'binary' }));
  for (const key of encryptionKeys.slice(readers.length)) {
    const number = Buffer.from((await key.getEncryptionKey()).getKeyID().toHex(), 'hex');
    for (let at = bytes.indexOf(number); at !== -1; at = bytes.indexOf(number)) bytes.fill(0, at, at + number.length);
  }
  return armor(enums.armor.message, bytes);
}

/** Wraps the private half of a reply key, as the relay keeps it. */
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
