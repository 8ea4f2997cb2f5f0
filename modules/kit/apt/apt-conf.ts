/** Text of apt's configuration. @see apt.conf(5) */

interface AptStatement {
  /** `append`: one more value of a list. */
  readonly kind: 'set' | 'append' | 'clear' | 'include';
  /** With the names of the blocks around it: `APT::Get::Assume-Yes`. */
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

interface Token {
  readonly kind: 'word' | 'text' | 'mark' | 'directive';
  readonly text: string;
  readonly line: number;
}

const mostDepth = 100;

/** A comment, a quoted text, a mark, or a word. A directive looks like a comment. */
const form =
  /(\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|#(?!clear\s|include\s)[^\n]*)|#(clear|include)\s|"([^"\n]*)"?|([{};])|((?:[^\s"{};/#]|\/(?![/*]))+|[/#])/y;

function* toTokens(text: string): Generator<Token> {
  let line = 1;
  form.lastIndex = 0;
  for (let found = form.exec(text); found !== null && found[0] !== ''; found = form.exec(text)) {
    const [whole, , directive, quoted, mark, word] = found;
    if (directive !== undefined) yield { kind: 'directive', text: directive, line };
    else if (quoted !== undefined) yield { kind: 'text', text: quoted, line };
    else if (mark !== undefined) yield { kind: 'mark', text: mark, line };
    else if (word !== undefined) yield { kind: 'word', text: word, line };
    line += whole.split('\n').length - 1;
  }
}

function join(scopes: readonly string[], name: string): string {
  return [...scopes, name].filter((one) => one !== '').join('::');
}

function toStatement(tokens: readonly Token[], scopes: readonly string[]): AptStatement | undefined {
  const [first, ...rest] = tokens;
  if (first === undefined) return undefined;
  const { line } = first;
  const value = rest.map(({ text }) => text).join(' ');
  if (first.kind === 'directive')
    return first.text === 'clear'
      ? { kind: 'clear', name: join(scopes, value), value: '', line }
      : { kind: 'include', name: '', value, line };
  if (first.kind === 'text') return { kind: 'append', name: join(scopes, ''), value: first.text, line };
  const isList = first.text.endsWith('::');
  return { kind: isList ? 'append' : 'set', name: join(scopes, first.text.replace(/(?:::)+$/, '')), value, line };
}

/** In order. What stands in a block has the block's name in front. */
export function* parseAptConf(text: string): Generator<AptStatement> {
  const scopes: string[] = [];
  let open: Token[] = [];
  for (const token of toTokens(text)) {
    if (token.kind !== 'mark') {
      open.push(token);
      continue;
    }
    const statement = toStatement(open, scopes);
    if (token.text === '{') {
      if (scopes.length >= mostDepth) return;
      // A block may have a value, too.
      if (statement !== undefined && open.length > 1) yield statement;
      scopes.push(open[0]?.text.replace(/(?:::)+$/, '') ?? '');
    } else {
      if (statement !== undefined) yield statement;
      if (token.text === '}') scopes.pop();
    }
    open = [];
  }
  const last = toStatement(open, scopes);
  if (last !== undefined) yield last;
}
