/** Cuts a target's text into tokens, each with its place, and refuses what can be no token. */
import { quoteShort, TargetError } from './target-error.ts';
import { targetLimits } from './tree.ts';

type TokenKind = 'word' | 'string' | 'number' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Words in lower case, strings without their quotes and with '' made one quote, all else as written. */
  readonly text: string;
  /** In UTF-16 code units from the start of the target. */
  readonly offset: number;
}

/**
 * No alternative can match the same text in two ways, so that a failure costs no backtracking. The original's table was
 * called agents: its name in front of a column means nothing here.
 */
const tokenPattern =
  /(?<space>[ \t\r\n]+|[Aa][Gg][Ee][Nn][Tt][Ss]\.(?=[A-Za-z_]))|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<string>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?)|(?<symbol>->>|#>>|!~\*|!~|~\*|~|<>|<=|>=|!=|=(?!=)|<|>|\(|\)|,|\+|-(?!>))/y;

/** PostgreSQL's text holds neither, so no agent's row can match and no parameter may carry them. */
const unstorable = /\0|\p{Surrogate}/u;

/** Spellings of other languages that people write out of habit, by how they start. */
const habits: readonly (readonly [string, string])[] = [
  ["'", "a string ends with a quote; a quote inside it is written twice: 'it''s'"],
  ['"', "put values into single quotes: name = 'web1'"],
  ['==', 'write = instead of =='],
  ['&&', 'write AND instead of &&'],
  ['||', 'write OR instead of ||'],
  ['#>', "write ->> instead of #>: environment->>'os'"],
  ['->', "write ->> instead of ->: environment->>'os'"],
  ['.', "a value of environment or tags is written environment->>'os'"],
  [';', 'a target is one condition'],
  ['*', "LIKE's wildcard is %: name LIKE 'web%'"],
  ['%', "put the pattern into single quotes: name LIKE 'web%'"],
  ['!', 'write NOT instead of !'],
];

/** @throws TargetError */
export function toTokens(text: string): Token[] {
  if (text.length > targetLimits.characters)
    throw new TargetError(
      targetLimits.characters,
      `expected a target of at most ${targetLimits.characters} characters, got ${text.length}`,
    );
  // Tested without the pattern, which takes longer to compile than all of the rest.
  if (text.includes('\0') || !text.isWellFormed())
    throw new TargetError(text.search(unstorable), 'expected Unicode text without NUL and lone surrogates');

  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  while (pattern.lastIndex < text.length) {
    const offset = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) throw toLexicalError(text, offset);
    if (groups.word !== undefined) tokens.push({ kind: 'word', text: groups.word.toLowerCase(), offset });
    else if (groups.string !== undefined) tokens.push({ kind: 'string', text: toValue(groups.string, offset), offset });
    else if (groups.number !== undefined) tokens.push({ kind: 'number', text: groups.number, offset });
    else if (groups.symbol !== undefined) tokens.push({ kind: 'symbol', text: groups.symbol, offset });
  }
  tokens.push({ kind: 'end', text: '', offset: text.length });
  return tokens;
}

function toValue(quoted: string, offset: number): string {
  const value = quoted.slice(1, -1).replaceAll("''", "'");
  if (value.length <= targetLimits.valueCharacters) return value;
  throw new TargetError(
    offset,
    `expected a value of at most ${targetLimits.valueCharacters} characters, got ${value.length}`,
  );
}

function toLexicalError(text: string, offset: number): TargetError {
  const hint = habits.find(([start]) => text.startsWith(start, offset))?.[1];
  const [first = ''] = text.slice(offset, offset + 2);
  const message =
    first === "'" ? 'expected a closing quote, got the end of the target' : `unexpected ${quoteShort(first)}`;
  return new TargetError(offset, message, hint);
}
