/** Objects that refuse unknown keys by name and suggest a similar known key. */
import * as z from 'zod';
import { suggest } from '../../protocol/base/suggest.ts';

function describeUnknown(keys: readonly string[], known: readonly string[]): string {
  const described = keys.map((key) => {
    const near = suggest(key, known);
    return near === undefined ? JSON.stringify(key) : `${JSON.stringify(key)} (did you mean "${near}"?)`;
  });
  return `expected only known fields, got ${described.join(', ')}`;
}

/** Like `z.strictObject`, with a suggestion for a misspelled key. */
export function strictShape<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? describeUnknown(issue.keys, known) : undefined),
  });
}
