/** How deep brackets nest, judged before a parser is given the text: parsers of nested text call themselves. */

const mostDepth = 200;

const isOpening: ReadonlySet<string> = new Set(['[', '{']);
const isClosing: ReadonlySet<string> = new Set([']', '}']);

/** @param skipsStrings whether brackets between quotes count for nothing, as in JSON. */
export function isTooDeep(text: string, skipsStrings: boolean): boolean {
  let [depth, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (skipsStrings && letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) {
      if (letter === '\\') at += 1;
    } else if (isOpening.has(letter)) {
      depth += 1;
      if (depth > mostDepth) return true;
    } else if (isClosing.has(letter) && depth > 0) depth -= 1;
  }
  return false;
}
