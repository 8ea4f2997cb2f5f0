/**
 * Redacts secrets in command lines: likely passwords and keys are matched on the host but never leave it. In doubt an
 * argument is redacted.
 */

import { isHarmlessValue, isSecretName, type SecretOption, secretForms, secretOptions } from './secret-words.ts';
import { splitShellWords } from './shell-words.ts';

const redacted = '<redacted>';

/** `scheme://user:password@host`: only the password is redacted. `:port/path` is not a password with a slash. */
const passwordInUrl = /([a-z][a-z0-9+.-]{0,31}:\/\/[^\s/:@]{0,256}:)(?!\d{1,5}\/)[^\s"']{1,256}@/gi;
/** For web servers, a user without a password is a token. */
const tokenInUrl = /(https?:\/\/)[^\s/:@]{1,512}@/gi;
const bearer = /\b((?:Bearer|Basic|Token|Digest)\s+)\S+/gi;
/**
 * `name=`, `Name:` and `"name":` anywhere. All repetitions are bounded, because hostile text would take hours
 * otherwise.
 */
const assignedName = /([A-Za-z_][\w.-]{0,63})["']?\s{0,8}[=:]\s{0,8}/g;
/** The same at the beginning of an argument: an option, a variable, or a header directly after its option. */
const leadingName = /^(?:[-/]{0,2}|-[A-Z])([A-Za-z_][\w.-]{0,63})\s{0,8}[=:]/;
/** An option whose next argument is its value. */
const option = /^-{1,2}[A-Za-z][\w.-]*$/;
/** The option of shells and other programs that is followed by a whole command. */
const commandOption = /^-[a-z]*c$/;
/** Maximum nesting of commands. */
const maximumDepth = 3;

/** Letters and digits as random as a key: long, of several kinds, with few repetitions. */
function looksRandom(word: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(word)) return true;
  if (word.length < 24 || !/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/[0-9]/.test(word)) return false;
  const counts = new Map<string, number>();
  for (const letter of word) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / word.length) * Math.log2(count / word.length);
  return bits > 3.5;
}

/** Secrets recognized by form. */
function hideForms(text: string): string {
  return secretForms
    .reduce((rest, form) => rest.replace(form, redacted), text)
    .replace(passwordInUrl, `$1${redacted}@`)
    .replace(tokenInUrl, `$1${redacted}@`)
    .replace(bearer, `$1${redacted}`);
}

function hideRandom(text: string): string {
  const hide = (word: string): string => (looksRandom(word) ? redacted : word);
  // An AWS secret key has 40 characters, as a SHA-1 digest has, and may have slashes.
  return text
    .replace(/[A-Za-z0-9+_=-]{24,}/g, hide)
    .replace(/(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, hide);
}

/** Redacts everything after the first name of a secret: only the program knows where the value ends. */
function hideAssigned(text: string): string {
  for (const match of text.matchAll(assignedName)) {
    const [whole, name = ''] = match;
    const end = match.index + whole.length;
    // `/run/secrets:/run/secrets` is no secret, but `/password:x` is an option of Windows.
    const isPartOfPath = match.index > 1 && text[match.index - 1] === '/';
    const isSecret = isSecretName(name) && !isPartOfPath && !isHarmlessValue(name, text.slice(end));
    if (isSecret && end < text.length) return `${text.slice(0, end)}${redacted}`;
  }
  return text;
}

function beginsWithSecret(text: string): boolean {
  const name = leadingName.exec(text)?.[1];
  return name !== undefined && isSecretName(name);
}

/** @param isCommand splits the text into words even when it begins like an assignment. */
function redactText(text: string, isCommand: boolean, depth: number): string {
  const known = hideForms(text);
  const isOne = !/\s/.test(known) || (!isCommand && beginsWithSecret(known)) || depth >= maximumDepth;
  if (isOne) return hideRandom(hideAssigned(known));
  const { words, blanks } = splitShellWords(known);
  return redactWords(words, depth + 1).reduce((text, word, index) => `${text}${blanks[index] ?? ''}${word}`, '');
}

/** Redacts inside of the surrounding quotes. */
function redactQuoted(word: string, isCommand: boolean, depth: number): string {
  const [, quote, inner] = /^(["'])([\s\S]*)\1$/.exec(word) ?? [];
  return quote === undefined || inner === undefined
    ? redactText(word, isCommand, depth)
    : `${quote}${redactText(inner, isCommand, depth)}${quote}`;
}

function findOptions(word: string): readonly SecretOption[] {
  const name = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1).replace(/\.exe$/i, '');
  return secretOptions.filter(({ program }) => program.test(name));
}

/** Whether the words before one say that it is a secret. */
function announcesSecret(beforeThat: string, before: string, value: string): boolean {
  if (before === '=') return isSecretName(beforeThat);
  const name = before.replace(/["']?[=:]$/, '');
  const isNamed = option.test(before) || name !== before || beforeThat === 'set' || /^[\w-]+\.[\w.-]+$/.test(before);
  return isNamed && isSecretName(name.replace(/^["'{]*/, '')) && !isHarmlessValue(name, value);
}

function redactWords(words: readonly string[], depth: number): string[] {
  // The options of the last known program: others run it, such as sudo, env or timeout.
  let options: readonly SecretOption[] = [];
  let next: 'secret' | 'harmless' | 'unknown' = 'unknown';
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    const isAnnounced = index > 0 && next === 'unknown' && announcesSecret(words[index - 2] ?? '', before, word);
    const isSecret = next === 'secret' || isAnnounced;
    next = 'unknown';
    if (isSecret) return redacted;
    for (const { option: begin, takesNext } of options) {
      const length = begin.exec(word)?.[0].length;
      if (length === undefined) continue;
      next = length === word.length && takesNext ? 'secret' : 'harmless';
      if (length < word.length) return `${word.slice(0, length)}${redacted}`;
    }
    const found = findOptions(word);
    if (found.length > 0) options = found;
    return redactQuoted(word, commandOption.test(before), depth);
  });
}

/** The arguments of a command line, with likely secrets redacted. */
export function redactArguments(list: readonly string[]): string[] {
  return redactWords(list, 0);
}

/** A command in one text, as a shell or a configuration file has it. */
export function redactCommand(text: string): string {
  return redactText(text, true, 0);
}
