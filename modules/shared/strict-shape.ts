/** Objects that refuse unknown keys by name and say which known key was probably meant. */
import * as z from 'zod';

/** Edits between two words (insert, delete, replace), by the table of Wagner and Fischer. */
function countEdits(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (letter === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** The known word within two edits, or undefined. */
function findNear(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 64);
  const [nearest] = known
    .map((candidate) => ({ candidate, edits: countEdits(short, candidate) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length)
    .sort((left, right) => left.edits - right.edits);
  return nearest?.candidate;
}

function describeUnknown(keys: readonly string[], known: readonly string[]): string {
  const described = keys.map((key) => {
    const near = findNear(key, known);
    return near === undefined ? JSON.stringify(key) : `${JSON.stringify(key)} (did you mean "${near}"?)`;
  });
  return `expected only known parameters, got ${described.join(', ')}`;
}

/** `z.strictObject` whose refusal of an unknown key suggests the right one when it is close. */
export function strictShape<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? describeUnknown(issue.keys, known) : undefined),
  });
}
