/** The named reasons for which an agent does not run an action, in the order of the checks: docs/protocol.md. */
import * as z from 'zod';

export const refusals = {
  malformed: 'the message is not a well-formed action within the size limits',
  unhandled: 'the agent could not handle the command, or ended each time that it tried',
  'bad-signature': 'a signature by a known key does not fit these bytes, or was made in a way that is not accepted',
  'key-expired': 'a signing key has expired',
  'key-revoked': 'a signing key has been revoked',
  'not-yet-valid': 'the action is not valid yet, or was signed later than now, by the clock of the agent',
  'unknown-signer': 'no signature is by a key that this agent knows',
  'wrong-fleet': 'the action was signed for another environment',
  'unknown-module': 'an operation names a module that this agent does not have',
  'bad-parameters': "an operation's parameters do not pass the module's schema",
  'action-revoked': 'the action has been revoked by the trust list',
  'window-too-long': 'the action is valid for longer than this environment allows',
  expired: 'the action has expired, by the clock of the agent',
  'insufficient-weight': 'the signers together do not have the weight that a module asks for',
  'target-mismatch': 'the target does not fit this agent',
  replayed: 'this agent has taken this action before',
  'modules-stuck':
    'too many module processes of earlier questions could not be killed: the kernel of the host holds them',
  busy: 'the agent has as many questions of these people in hand as it takes; ask again when some are answered',
  'state-unwritable': 'the agent cannot write down what it does: its disk is full, read-only or broken',
} as const;

export const RefusalCode = z.enum(Object.keys(refusals) as [keyof typeof refusals, ...(keyof typeof refusals)[]]);
export type RefusalCode = z.infer<typeof RefusalCode>;
