/** LIKE as PostgreSQL matches it: % is any text, _ one character, a backslash takes the next character literally. */

const anyText = Symbol('%');
const anyCharacter = Symbol('_');

/** Only A to Z, as PostgreSQL folds under the collation "C". */
export function toLowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether the whole text fits the pattern, in time of at most their lengths' product.
 * @param pattern must not end within an escape; the parser sees to that.
 */
export function matchesLike(pattern: string, text: string): boolean {
  const elements = toElements(pattern);
  const characters = [...text];
  let element = 0;
  let character = 0;
  // Where the last % stands and how much of the text it has taken: the only place worth coming back to.
  let retryElement = -1;
  let retryCharacter = 0;
  while (character < characters.length) {
    const wanted = elements[element];
    if (wanted === anyText) {
      element += 1;
      retryElement = element;
      retryCharacter = character;
    } else if (wanted === anyCharacter || (wanted !== undefined && wanted === characters[character])) {
      element += 1;
      character += 1;
    } else if (retryElement !== -1) {
      retryCharacter += 1;
      element = retryElement;
      character = retryCharacter;
    } else return false;
  }
  return elements.slice(element).every((rest) => rest === anyText);
}

function toElements(pattern: string): (string | symbol)[] {
  const pieces = pattern.match(/\\?./gsu) ?? [];
  return pieces.map((piece) => {
    if (piece === '%') return anyText;
    if (piece === '_') return anyCharacter;
    return piece.startsWith('\\') ? piece.slice(1) : piece;
  });
}
