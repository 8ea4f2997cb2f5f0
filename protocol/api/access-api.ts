/** The part of the REST API about who may use it (paths below `apiPrefix`): investigators, tokens for programs, the end of a session. */
import * as z from 'zod';
import { PlainFingerprint } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { PersonName } from '../environment/names.ts';

/**
 * Role of a person at the relay: an observer reads; an investigator also brings, signs and cancels actions; an admin
 * also cancels those of others and manages investigators. What agents run is decided by the keys compiled into them alone.
 */
export const Role = z.enum(['observer', 'investigator', 'admin']);
export type Role = z.infer<typeof Role>;

export const InvestigatorRecord = z.strictObject({
  name: z.string(),
  fingerprint: PlainFingerprint,
  role: Role,
  /** May not log in. */
  disabled: z.boolean(),
  created: Instant,
  /** Armored OpenPGP public key. */
  publickey: z.string(),
});
export type InvestigatorRecord = z.infer<typeof InvestigatorRecord>;

/** `GET /investigators` in the order of their names. */
export const InvestigatorsResponse = z.strictObject({ investigators: z.array(InvestigatorRecord) });

/** `POST /investigators` → 201 with the `InvestigatorRecord`; admins only. */
export const InvestigatorCreation = z.strictObject({
  name: PersonName,
  publickey: z.string().max(256 * 1024),
  role: Role.default('investigator'),
});

/** `PATCH /investigators/:name` → 200 with the `InvestigatorRecord`; admins only. A change ends the person's sessions and tokens. */
export const InvestigatorChange = z.strictObject({ role: Role.optional(), disabled: z.boolean().optional() });

export const TokenRecord = z.strictObject({
  /** Names the token without being it. */
  id: z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 lower-case hex digits'),
  name: z.string(),
  /** Whose token it is; it ends with the person's access. */
  investigator: z.string(),
  created: Instant,
  expires: Instant,
});
export type TokenRecord = z.infer<typeof TokenRecord>;

const maximumTokenDays = 365;

/** `POST /tokens` → 201: a token that may read what an observer may, for programs. */
export const TokenCreation = z.strictObject({
  /** What it is for. */
  name: z.string().min(1).max(256),
  days: z.int().min(1).max(maximumTokenDays).default(90),
});
/** `token` is shown this once; it goes into `Authorization: Bearer …`. */
export const TokenCreated = z.strictObject({ ...TokenRecord.shape, token: z.string() });

/** `GET /tokens`: one's own, and everybody's for an admin. */
export const TokensResponse = z.strictObject({ tokens: z.array(TokenRecord) });

// `DELETE /tokens/:id` → 204, and `DELETE /sessions/current` → 204, which ends the session that asks for it.
