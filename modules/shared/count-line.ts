/** What is said of hits that were counted and not listed: no more was asked for, or the agents of the environment keep names back. */
import * as z from 'zod';
import type { OperationResult } from '../../protocol/result.ts';

const Counted = z.object({ totalhits: z.number() });

/** Nothing when there were no hits. */
export function* toCountLine({ foundanything, statistics }: OperationResult): Iterable<string> {
  if (foundanything) yield `found ${Counted.parse(statistics).totalhits}, not listed`;
}
