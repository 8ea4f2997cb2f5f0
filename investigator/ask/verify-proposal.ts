/** Verifies an action of others before it is signed or launched. Nothing that the relay says of it is believed. */

import type { Action } from '../../protocol/action/action.ts';
import { assertWrappedReplyKey } from '../../protocol/action/wrapped-reply-key.ts';
import { latestNow } from '../../protocol/base/clock.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { Fingerprint } from '../../protocol/base/identifiers.ts';
import { hiddenRecipient, type KeyNumber, readEncryptedMessage } from '../../protocol/encrypted-message.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import type { InvestigatorKey } from '../keys/investigator-key.ts';
import type { KnownKey } from '../keys/known-keys.ts';
import type { SignedAction } from './signed-file.ts';
import { unwrapReplyKey } from './wrapped-reply-key.ts';

type ProposalFault =
  | 'not-signed'
  | 'signer-unknown'
  | 'signature-not-valid'
  | 'signed-later'
  | 'not-signed-by-proposer'
  | 'reader-left-out'
  | 'reader-not-named'
  | 'not-a-reader';

export interface ProposalSigners {
  /** All who have signed, by keys that are at hand. */
  readonly signers: readonly KnownKey[];
  /** Readers whose keys are not at hand: it cannot be shown that they are among those who can open the answers. */
  readonly unshown: readonly Fingerprint[];
}

declare const verified: unique symbol;
/** Only `verifyProposal` makes one. */
export type VerifiedProposal = SignedAction &
  ProposalSigners & {
    readonly [verified]: true;
    /** Private half of the reply key, base64. */
    readonly replykey: string;
  };

function refuse(code: ProposalFault, message: string, hint: string): never {
  throw new CodedError<ProposalFault>(code, message, { hint });
}

const doNotSign = 'do not sign or launch it; ask who is said to have proposed it';
const getKeys = 'get the public keys of those who sign from themselves; -keys, or MIG_KEYS, says where they are';

async function verifySignatures({ submission, signedBytes, action }: SignedAction, keys: readonly KnownKey[]) {
  const signers: KnownKey[] = [];
  const publicKeys = keys.map(({ key }) => key);
  for (const signature of submission.envelope.signatures) {
    const outcome = await verifyDetached(signedBytes, signature, publicKeys, latestNow());
    if (outcome.kind === 'unknown-signer')
      refuse(
        'signer-unknown',
        `expected signatures of ${action.id} by people you know, got one by a key that you do not have`,
        getKeys,
      );
    if (outcome.kind === 'bad-signature')
      refuse(
        'signature-not-valid',
        `expected signatures of ${action.id}, got one that is not a signature of this action: ${outcome.why}`,
        doNotSign,
      );
    if (outcome.kind === 'signed-later')
      refuse(
        'signed-later',
        `expected signatures of ${action.id} made by now, got one from the future by ${outcome.signer}`,
        "a clock is wrong, yours or that of who signed: mig config compares yours with the server's",
      );
    if (outcome.kind !== 'valid')
      refuse(
        'signature-not-valid',
        `expected signatures that count, got ${outcome.kind} of ${outcome.signer}`,
        doNotSign,
      );
    const signer = keys.find(({ fingerprint }) => fingerprint === outcome.signer);
    if (signer !== undefined && !signers.includes(signer)) signers.push(signer);
  }
  return signers;
}

function numbersOf({ key }: KnownKey): KeyNumber[] {
  return key.getKeys().map((part) => part.getKeyID().toHex().toUpperCase());
}

/** A session key names the encryption key that it is for. @returns readers whose keys are not at hand. */
function verifyReaders({ readers }: Action, wrapped: string, keys: readonly KnownKey[]): Fingerprint[] {
  // `mig` never hides for whom it wraps a key, nor wraps it twice for one: so many could open it whom nobody has named.
  const { recipients } = readEncryptedMessage(wrapped);
  const left = new Set(recipients);
  if (left.size < recipients.length || left.has(hiddenRecipient))
    refuse(
      'reader-not-named',
      'expected one session key for each named reader, got hidden or repeated ones',
      doNotSign,
    );
  const unshown: Fingerprint[] = [];
  for (const reader of new Set(readers)) {
    const known = keys.find(({ fingerprint }) => fingerprint === reader);
    const found = known === undefined ? [] : numbersOf(known).filter((number) => left.has(number));
    if (known === undefined) unshown.push(reader);
    else if (found.length === 0)
      refuse(
        'reader-left-out',
        `expected the wrapped reply key to be for the reader ${reader}, got one that is not`,
        doNotSign,
      );
    for (const number of found) left.delete(number);
  }
  if (left.size > unshown.length)
    refuse(
      'reader-not-named',
      `expected the wrapped reply key for its readers alone, got one that others can open: ${[...left].join(', ')}`,
      doNotSign,
    );
  return unshown;
}

/**
 * By keys that are at hand: everybody who signed, who made it among them, and for whom the reply key is wrapped.
 * @throws CodedError<ProposalFault | WrappedReplyKeyCode | EncryptedMessageCode>
 */
export async function verifySigners(signed: SignedAction, keys: readonly KnownKey[]): Promise<ProposalSigners> {
  const { submission, action } = signed;
  assertWrappedReplyKey(action, submission);
  if (submission.envelope.signatures.length === 0)
    refuse(
      'not-signed',
      `expected the signature of who proposed ${action.id}, got none: nobody has signed it`,
      doNotSign,
    );
  const signers = await verifySignatures(signed, keys);
  const [proposer] = action.readers;
  if (!signers.some(({ fingerprint }) => fingerprint === proposer))
    refuse(
      'not-signed-by-proposer',
      `expected a signature by ${proposer}, the first of its readers, who made ${action.id}`,
      doNotSign,
    );
  return { signers, unshown: verifyReaders(action, submission.wrappedreplykey, keys) };
}

/**
 * The same, and that the wrapped key opens the answers of this action and of no other.
 * @throws CodedError<ProposalFault | WrappedReplyKeyCode | ReplyKeyCode | EncryptedMessageCode | InvestigatorKeyCode>
 */
export async function verifyProposal(
  signed: SignedAction,
  key: InvestigatorKey,
  keys: readonly KnownKey[],
): Promise<VerifiedProposal> {
  const signers = await verifySigners(signed, keys);
  const { action, submission } = signed;
  if (!action.readers.includes(key.fingerprint))
    refuse(
      'not-a-reader',
      `expected ${key.fingerprint} among the readers of ${action.id}: what its reply key is cannot be checked otherwise`,
      'ask for it to be proposed with your key: -reader FILE',
    );
  const replykey = await unwrapReplyKey(submission.wrappedreplykey, action, key);
  return { ...signed, ...signers, replykey } as VerifiedProposal;
}

/** Lines that are safe to print: who has signed is verified, and who can read is said where it is not shown. */
export function describeSigners({ signers, unshown }: ProposalSigners): string[] {
  return [
    ...signers.map(({ name, fingerprint }) => `signed by ${name} (${fingerprint}), verified`).sort(),
    ...unshown.map(
      (reader) => `the reader ${reader} cannot be shown to be one who can open the answers: you do not have this key`,
    ),
  ];
}
