/** Answers of an environment with extra privacy: whether there is anything and how much, never which. */
import type { OperationResult } from '../../protocol/result/result.ts';

/** The most that such an answer discloses. */
export const privateDisclosure = 'count';

/** Takes out what was found and what was said: both hold paths, names and addresses. Statistics and receipt are numbers. */
export function withoutNames(result: OperationResult): OperationResult {
  const { errors } = result;
  const said = errors.length === 0 ? [] : [`${errors.length} messages are kept back for privacy`];
  return { ...result, elements: {}, errors: said };
}
