/** Text from others, made harmless and visible for a terminal: an endpoint may be owned by the attacker, an action is foreign to a host's owner. */

/**
 * What a terminal obeys or an eye cannot see: control characters (with ESC, newline and tab), format characters (bidi
 * marks, joiners), line and paragraph separators, lone surrogates, and whatever fonts leave blank.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Most texts; the pattern above takes long to compile. */
const plain = /^[\x20-\x7e]*$/;

const escapedCodePoint = /\\u\{([0-9a-f]{1,6})\}/g;

/** The character that `escapeText` writes as `\u{1b}`; undefined for any that it leaves as it is. */
function toUnsafe(hex: string): string | undefined {
  const codePoint = Number.parseInt(hex, 16);
  const character = codePoint > 0x10ffff ? '' : String.fromCodePoint(codePoint);
  return escapeText(character) === character ? undefined : character;
}

/** Replaces what `escapeText` has written, so that a printed text can be given back. */
export function replaceEscaped(text: string, replace: (character: string, hex: string) => string): string {
  return text.replace(escapedCodePoint, (written, hex: string) => {
    const character = toUnsafe(hex);
    return character === undefined ? written : replace(character, hex);
  });
}

function toCodePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** One line that does nothing to a terminal; unsafe characters are shown as `\u{1b}`. */
export function escapeText(text: string): string {
  return plain.test(text) ? text : text.replace(unsafe, toCodePoint);
}

/** As `escapeText`, and without spaces, so that a host name cannot look like the rest of a line. */
export function escapeWord(text: string): string {
  return text === '' ? '""' : escapeText(text).replace(/\s/gu, toCodePoint);
}

/** JSON that does nothing to a terminal and still parses to the same value; one line when nothing is indented. */
export function toSafeJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (character) => {
    if (character === '\n') return character;
    let units = '';
    for (let index = 0; index < character.length; index += 1)
      units += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    return units;
  });
}
