/** The text of `Exec` in a desktop entry, in the words of a shell. @see Desktop Entry Specification, the Exec key */

const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** Escapes of values are undone, and codes for files (`%U`) left out; quotes are those of a shell. */
export function toDesktopWords(value: string): string {
  return value
    .replaceAll(/\\([sntr\\])/g, (_, letter: string) => escapes[letter] ?? '')
    .replaceAll(/%([%a-zA-Z])/g, (_, code: string) => (code === '%' ? '%' : ''));
}
