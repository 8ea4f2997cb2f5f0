/** What SCA asks of a line: patterns between `&&`, each of which must match it, or must not behind `!`. */
import { Untranslated } from './untranslated.ts';

export type Minterm =
  | { readonly kind: 'pattern'; readonly isNegated: boolean; readonly pattern: string }
  | {
      readonly kind: 'number';
      readonly isNegated: boolean;
      readonly pattern: string;
      readonly operator: string;
      readonly value: string;
    };

function parseMinterm(text: string): Minterm {
  const [, sign = '', kind, rest = ''] = /^(!?)([rn]):([\s\S]+)$/.exec(text) ?? [];
  const isNegated = sign === '!';
  if (kind === 'r') return { kind: 'pattern', isNegated, pattern: rest };
  if (kind === undefined) throw new Untranslated(`the condition ${JSON.stringify(text)}, which is neither r: nor n:`);
  const [, pattern, operator = '', value = ''] = /^(.+) compare ([<>]=?|[=!]=) (\d{1,9})$/.exec(rest.trim()) ?? [];
  if (pattern === undefined) throw new Untranslated(`the comparison ${JSON.stringify(text)}`);
  return { kind: 'number', isNegated, pattern, operator, value };
}

/** @throws Untranslated */
export function parseMinterms(text: string): readonly Minterm[] {
  return text.trim().split(' && ').map(parseMinterm);
}

/** PCRE2 as SCA uses it, caseless; JavaScript has the same syntax but for what RE2 refuses, too. */
function toRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    throw new Untranslated(`the pattern ${JSON.stringify(pattern)}`);
  }
}

/** Whether SCA finds a line of an output. Numbers are compared in patterns of lines alone. @throws Untranslated */
export function toMatcher(minterms: readonly Minterm[]): (lines: readonly string[]) => boolean {
  const tests = minterms.map((minterm) => {
    if (minterm.kind === 'number') throw new Untranslated('a comparison of numbers in the output of this command');
    return { isNegated: minterm.isNegated, regex: toRegExp(minterm.pattern) };
  });
  const [first] = tests;
  if (tests.length === 1 && first?.isNegated === true)
    return (lines) => lines.length > 0 && lines.every((line) => !first.regex.test(line));
  return (lines) => lines.some((line) => tests.every(({ isNegated, regex }) => regex.test(line) !== isNegated));
}
