/**
 * Regular expressions in RE2 syntax as parameters. This code finds common mistakes, and says what was meant. RE2 itself
 * is asked before an action is signed, and again by the agent: see refused-patterns.ts.
 */
import * as z from 'zod';
import { replaceEscaped } from '../../protocol/base/escape.ts';

/** The native engine's limit. */
const maximumPatternBytes = 4096;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** Index after one character of a class, escaped or not. */
function skipClassCharacter(pattern: string, index: number): number {
  return index + (pattern[index] === '\\' ? 2 : 1);
}

/** Index after a character or a range of a class. The end of a range is always a plain character, even a [. */
function skipClassRange(pattern: string, index: number): number {
  const end = skipClassCharacter(pattern, index);
  const isRange = pattern[end] === '-' && end + 1 < pattern.length && pattern[end + 1] !== ']';
  return isRange && !/^\\[dDsSwWpP]/.test(pattern.slice(index, end)) ? skipClassCharacter(pattern, end + 1) : end;
}

/** Index after a class that begins at `start`; undefined when it does not end. */
function skipClass(pattern: string, start: number): number | undefined {
  let index = start + 1;
  if (pattern[index] === '^') index += 1;
  // A bracket in the first position is a literal.
  if (pattern[index] === ']') index = skipClassRange(pattern, index);
  while (index < pattern.length) {
    if (pattern.startsWith('[:', index) && pattern.includes(':]', index + 2))
      index = pattern.indexOf(':]', index + 2) + 2;
    else if (pattern[index] === ']') return index + 1;
    else index = skipClassRange(pattern, index);
  }
  return undefined;
}

function describeGroup(pattern: string, index: number): string | undefined {
  const lookaround = /^\(\?(?:=|!|<=|<!|>|#|R|\||&)/.exec(pattern.slice(index));
  return lookaround === null ? undefined : `expected RE2 syntax, got ${lookaround[0]}, which RE2 does not have`;
}

/** The mistake in an RE2 pattern; undefined when none was found. */
export function describePatternError(pattern: string): string | undefined {
  if (pattern === '') return 'expected a regular expression, got an empty text';
  if (Buffer.byteLength(pattern) > maximumPatternBytes)
    return `expected a regular expression of at most ${maximumPatternBytes} bytes`;
  let depth = 0;
  for (let index = 0; index < pattern.length; ) {
    const letter = pattern[index] ?? '';
    if (letter === '\\') {
      const next = pattern[index + 1];
      if (next === undefined) return 'expected something after the last backslash';
      if (/[1-9]/.test(next)) return `expected RE2 syntax, got the back reference \\${next}, which RE2 does not have`;
      if (next === 'Q') {
        const end = pattern.indexOf('\\E', index + 2);
        index = end === -1 ? pattern.length : end + 2;
      } else index += 2;
    } else if (letter === '[') {
      const end = skipClass(pattern, index);
      if (end === undefined) return `expected ${closers[letter]} for the [ at ${index + 1}`;
      index = end;
    } else {
      const problem = letter === '(' ? describeGroup(pattern, index) : undefined;
      if (problem !== undefined) return problem;
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      if (depth < 0) return `expected a ( before the ) at ${index + 1}`;
      index += 1;
    }
  }
  if (depth > 0) return 'expected ) for every (';
  if (/^(?:[*+?]|\(\?[imsU-]*:?[*+?])/.test(pattern))
    return `expected something to repeat before the first * + or ?${adviseOnWildcard(pattern)}`;
  return undefined;
}

/** The likely meaning of `*.php`; empty when the pattern is not a shell wildcard. */
function adviseOnWildcard(pattern: string): string {
  const [, meant, more] = /^\*([\w.-]+)(\*?)$/.exec(pattern) ?? [];
  if (meant === undefined) return '';
  return ` (write ${meant.replaceAll('.', '\\.')}${more === '' ? '$' : ''} for what a shell calls ${pattern})`;
}

/**
 * Fails with the pattern in the message. A character that answers print as `\u{1b}` is written so in a pattern, too:
 * RE2 knows it as `\x{1b}`.
 * @param patternIn the pattern in a value.
 */
function schemaOf(patternIn: (text: string) => string) {
  return z.string().check(
    z.overwrite((text) => replaceEscaped(text, (_, hex) => `\\x{${hex}}`)),
    z.superRefine((text, context) => {
      const problem = describePatternError(patternIn(text));
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: `${problem} in ${JSON.stringify(text.slice(0, 200))}` });
    }),
  );
}

export const patternSchema = schemaOf((text) => text);
/** A leading `!` negates the pattern behind it. */
export const negatablePatternSchema = schemaOf((text) => splitNegation(text).pattern);

/** `!re` is the negation of `re`; a single `!` is a pattern. */
export function splitNegation(text: string): { readonly negated: boolean; readonly pattern: string } {
  const negated = text.length > 1 && text.startsWith('!');
  return { negated, pattern: negated ? text.slice(1) : text };
}
