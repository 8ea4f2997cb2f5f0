/** The part of the REST API about trust lists (paths below `apiPrefix`). */
import * as z from 'zod';
import { EnvironmentName } from './environment.ts';
import { TrustEnvelope } from './trust-list.ts';

/** `POST /trust` → 201; `GET /trust/:fleet`: the latest trust list, which the relay carries and cannot judge. */
export const TrustSubmission = z.strictObject({ envelope: TrustEnvelope });
export const TrustResponse = z.strictObject({ fleet: EnvironmentName, version: z.int(), envelope: TrustEnvelope });
export type TrustResponse = z.infer<typeof TrustResponse>;
