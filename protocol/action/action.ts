/** The action: a question as it is signed, syntax version 3. */
import * as z from 'zod';
import { ActionId, PlainFingerprint, Sha256 } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { maximumResultBytes } from '../base/limits.ts';
import { PublicReplyKey } from '../reply-key/reply-key.ts';
import { targetLimits } from '../target/tree.ts';

export const syntaxVersion = 3;
/** A day is enough to reach laptops that are opened once; the environment may allow less or more. */
export const maximumActionBytes = 256 * 1024;
/** Values of all kinds, such as digests and paths in lists. Questions that people write have fewer. */
export const maximumActionValues = 32 * 1024;
export const maximumOperations = 16;

const shortText = z.string().max(2048);

export const Operation = z.strictObject({
  module: z.string().regex(/^[a-z][a-z0-9]{0,31}$/, 'expected a module name'),
  /** Checked by the module's own schema on the investigator's side and on the agent. */
  parameters: z.unknown(),
});
export type Operation = z.infer<typeof Operation>;

/** Ceilings that the investigator sets below those baked into the agent; never above them. */
export const ActionLimits = z.strictObject({
  /** Wall time of one operation. */
  seconds: z.int().min(1).max(86_400).optional(),
  /** Plain size of the whole result. */
  resultbytes: z.int().min(1024).max(maximumResultBytes).optional(),
});

export const Action = z.strictObject({
  syntaxversion: z.literal(syntaxVersion),
  id: ActionId,
  /** The environment's name: an action signed for staging is worthless in production. */
  fleet: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected an environment name'),
  name: shortText.min(1),
  description: z.strictObject({
    author: shortText.optional(),
    email: shortText.optional(),
    url: shortText.optional(),
    revision: z.number().optional(),
  }),
  threat: z.strictObject({
    ref: shortText.optional(),
    level: shortText.optional(),
    family: shortText.optional(),
    type: shortText.optional(),
  }),
  target: z.string().min(1).max(targetLimits.characters),
  validfrom: Instant,
  expireafter: Instant,
  operations: z.array(Operation).min(1).max(maximumOperations),
  limits: ActionLimits,
  /** Made for this action alone. */
  replykey: PublicReplyKey,
  /** SHA-256 of the armored message that holds the private half of `replykey`, as it travels beside the action. */
  wrappedreplykeydigest: Sha256,
  /** OpenPGP keys of the people who may open the answers. The first one's owner made the action and signed it. */
  readers: z.array(PlainFingerprint).min(1).max(64),
});
export type Action = z.infer<typeof Action>;
