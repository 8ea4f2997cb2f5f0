/** The verdict of one test, with the member names of the original's scribe. */
import * as z from 'zod';
import { severities } from './document/policy-document.ts';

export const verdicts = ['fail', 'unknown', 'pass', 'notapplicable'] as const;

export const PolicyElement = z.strictObject({
  testid: z.string(),
  verdict: z.enum(verdicts),
  severity: z.enum(severities).optional(),
  name: z.string().optional(),
  reason: z.string().optional(),
  /** What decided, by names of the host. */
  results: z.array(z.strictObject({ result: z.boolean(), identifier: z.string() })).optional(),
  /** Of documents of the original, as those below. */
  description: z.string().optional(),
  tags: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
  iserror: z.boolean().optional(),
  error: z.string().optional(),
  masterresult: z.boolean().optional(),
  hastrueresults: z.boolean().optional(),
});
export type PolicyElement = z.infer<typeof PolicyElement>;
