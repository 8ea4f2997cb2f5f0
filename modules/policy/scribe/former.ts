/** The parameters of the original's module `scribe`. */
import * as z from 'zod';
import { packDocument } from '../document/packed.ts';

const ScribeParameters = z.strictObject({
  scribedoc: z.unknown(),
  onlytrue: z.boolean().optional(),
  /** How its console printed the answer. */
  humanoutput: z.boolean().optional(),
  jsonoutput: z.boolean().optional(),
});

/** The same question; undefined for other parameters. */
export function toSearchOfScribe(parameters: unknown): Readonly<Record<string, unknown>> | undefined {
  const { data } = ScribeParameters.safeParse(parameters);
  if (data === undefined || typeof data.scribedoc !== 'object') return undefined;
  return { ...packDocument(data.scribedoc), options: { onlytrue: data.onlytrue === true } };
}
