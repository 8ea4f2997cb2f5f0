/** Where a value stands in a document: `a.b[0]['c.d']`. */

/** The name of a table's entry, or the place in a list, of which the first is 0. */
export type Step = string | number;

const mostSteps = 64;

/** `a`, `.a`, `[0]` or `['a.b']`, in which two quotes are one. */
const step = /\.?([^.[\]'\s][^.[\]]*)|\[(\d{1,9})\]|\['((?:[^']|'')*)'\]/y;

/** Undefined when malformed. */
export function parsePathExpression(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let at = 0;
  while (at < text.length) {
    step.lastIndex = at;
    const [whole, name, index, quoted] = step.exec(text) ?? [];
    if (whole === undefined || steps.length >= mostSteps) return undefined;
    if (at === 0 ? whole.startsWith('.') : name !== undefined && !whole.startsWith('.')) return undefined;
    steps.push(index !== undefined ? Number(index) : (name ?? quoted?.replaceAll("''", "'") ?? ''));
    at += whole.length;
  }
  return steps.length === 0 ? undefined : steps;
}
