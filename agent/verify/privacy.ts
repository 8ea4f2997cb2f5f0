/** Answers of an environment with extra privacy: whether there is anything and how much, never which. */
import { plural } from '../../protocol/base/plural.ts';
import type { OperationResult } from '../../protocol/result/result.ts';

/** The most that such an answer discloses. */
export const privateDisclosure = 'count';

/** Takes out what was found, what was said and where sources are: these hold paths, names and addresses. */
export function withoutNames(result: OperationResult): OperationResult {
  const { errors } = result;
  const { sources, ...counted } = result.receipt;
  const receipt =
    sources === undefined ? counted : { ...counted, sources: sources.map(({ path: _, ...rest }) => rest) };
  const said =
    errors.length === 0 ? [] : [`${plural(errors.length, 'message is', 'messages are')} kept back for privacy`];
  return { ...result, elements: {}, errors: said, receipt };
}
