/** Words of a value in a unit file, with its quotes and escapes. @see systemd.syntax(7), Quoting */

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
};

/** Forms of a character by its number, in the order in which they are tried: their digits and radix. */
const numberedEscapes = [
  { form: /^x([0-9a-fA-F]{2})/, radix: 16 },
  { form: /^u([0-9a-fA-F]{4})/, radix: 16 },
  { form: /^U([0-9a-fA-F]{8})/, radix: 16 },
  { form: /^([0-7]{3})/, radix: 8 },
] as const;

interface Unescaped {
  /** In Latin-1. */
  readonly text: string;
  /** Of what stands behind the backslash. */
  readonly length: number;
}

/** @param behind what stands behind a backslash. An unknown escape stays as it is. */
function toUnescaped(behind: string): Unescaped {
  const simple = simpleEscapes[behind[0] ?? ''];
  if (simple !== undefined) return { text: simple, length: 1 };
  for (const { form, radix } of numberedEscapes) {
    const [whole, digits] = form.exec(behind) ?? [];
    if (whole === undefined || digits === undefined) continue;
    const code = Number.parseInt(digits, radix);
    // Bytes are given as they are, characters in UTF-8.
    const isByte = whole[0] === 'x' || radix === 8;
    if (code > 0x10ffff || (code > 0xd7ff && code < 0xe000)) break;
    const text = isByte ? String.fromCharCode(code & 0xff) : Buffer.from(String.fromCodePoint(code)).toString('latin1');
    return { text, length: whole.length };
  }
  return { text: `\\${behind.slice(0, 1)}`, length: 1 };
}

/** Words of a value. A quote that is not closed ends with the value. */
export function splitUnitWords(value: string): string[] {
  // Most values are plain.
  if (!/["'\\]/.test(value)) return value.split(/\s+/).filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < value.length; index += 1) {
    const letter = value[index] ?? '';
    if (letter === '\\') {
      const { text, length } = toUnescaped(value.slice(index + 1, index + 10));
      word = (word ?? '') + text;
      index += length;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else word = (word ?? '') + letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + letter;
  }
  if (word !== undefined) words.push(word);
  return words;
}
