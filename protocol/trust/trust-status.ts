/** The status of an agent's trust list. Separate from the list, which only those who deal with trust load. */
import * as z from 'zod';
import { Sha256 } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';

/** The list that an agent goes by; version 0 and no expiry before the first one. */
export const TrustStatus = z.strictObject({
  version: z.int().min(0),
  expires: Instant.nullable(),
  /** SHA-256 of the list's signed bytes, absent before the first one: two lists can have one version. */
  digest: Sha256.optional(),
  /** The latest list that it did not take, and why; absent once it has taken one since. */
  refused: z.strictObject({ digest: Sha256, code: z.string().max(64) }).optional(),
});
export type TrustStatus = z.infer<typeof TrustStatus>;
