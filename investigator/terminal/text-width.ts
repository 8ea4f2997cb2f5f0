/** How many cells of a terminal a text takes, and texts cut and filled up to a width: by characters, in linear time. */

const ellipsis = '…';
/** East Asian characters and pictures take two cells (Unicode UAX #11), roughly. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
/** Nothing but what takes one cell each. */
const plain = /^[\x20-\x7e]*$/;
/** Put upon the character before. */
const combining = /^[\p{Mn}\p{Me}]/u;

function widthOfCharacter(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** The text, or its beginning and an ellipsis. */
export function cutText(text: string, width: number): string {
  if (plain.test(text)) return text.length <= width ? text : text.slice(0, Math.max(0, width - 1)) + ellipsis;
  let taken = 0;
  /** Where it would be cut to leave room for the ellipsis. */
  let end = 0;
  let index = 0;
  for (const character of text) {
    taken += widthOfCharacter(character);
    if (taken > width) return text.slice(0, end) + ellipsis;
    index += character.length;
    if (taken <= width - 1) end = index;
  }
  return text;
}

export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
