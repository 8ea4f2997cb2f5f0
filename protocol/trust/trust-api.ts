/** The part of the REST API about trust lists (paths below `apiPrefix`). */
import * as z from 'zod';
import { EnvironmentName } from '../environment/names.ts';
import { TrustEnvelope } from './trust-list.ts';

/** `POST /trust` → 201; `GET /trust/:fleet`: the latest trust list that enough root keys of that environment have signed. */
export const TrustSubmission = z.strictObject({ fleet: EnvironmentName, envelope: TrustEnvelope });
export const TrustResponse = z.strictObject({ fleet: EnvironmentName, version: z.int(), envelope: TrustEnvelope });
export type TrustResponse = z.infer<typeof TrustResponse>;
