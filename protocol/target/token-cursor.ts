/** A place in the tokens of a target, with the few moves that the grammar is written in. */
import type { Token } from './lexer.ts';
import { quoteShort, TargetError } from './target-error.ts';

const end: Token = { kind: 'end', text: '', offset: 0 };

export class TokenCursor {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? this.#tokens.at(-1) ?? end;
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  /** Whether the next token is this word, which is then taken. */
  acceptWord(word: string): boolean {
    return this.#accept('word', word);
  }

  /** Whether the next token is this symbol, which is then taken. */
  acceptSymbol(symbol: string): boolean {
    return this.#accept('symbol', symbol);
  }

  expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.toError(word.toUpperCase());
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.toError(symbol);
  }

  expectString(what: string, hint?: string): Token {
    if (this.peek().kind !== 'string') throw this.toError(what, hint);
    return this.next();
  }

  /** The error for the next token not being what the grammar wants. */
  toError(expected: string, hint?: string): TargetError {
    const { kind, text, offset } = this.peek();
    const got =
      kind === 'end' ? 'the end of the target' : `${kind === 'string' ? 'the string ' : ''}${quoteShort(text)}`;
    return new TargetError(offset, `expected ${expected}, got ${got}`, hint);
  }

  #accept(kind: Token['kind'], text: string): boolean {
    const token = this.peek();
    if (token.kind !== kind || token.text !== text) return false;
    this.#position += 1;
    return true;
  }
}
