/**
 * The target language: a safe subset of SQL's WHERE, with SQL's precedence (NOT before AND before OR, all after the
 * comparisons). Nothing of the text reaches a database but through the tree that is made here.
 */
import { parseColumnName } from './columns.ts';
import { parseTextCondition, parseTimeCondition } from './condition.ts';
import { toTokens } from './lexer.ts';
import { countRegexElements } from './regex-subset.ts';
import { TargetError } from './target-error.ts';
import { TokenCursor } from './token-cursor.ts';
import { type TargetNode, targetLimits } from './tree.ts';

/**
 * Parses a target in time linear in its length.
 * @throws TargetError `target-malformed`
 */
export function parseTarget(text: string): TargetNode {
  const cursor = new TokenCursor(toTokens(text));
  if (cursor.peek().kind === 'end')
    throw new TargetError(0, 'expected a target, got nothing', 'write all for every agent');
  const tree = new TargetParser(cursor).parseOr();
  if (cursor.peek().kind !== 'end') throw cursor.toError('AND, OR or the end of the target');
  assertWithinLimits(tree);
  return tree;
}

/** Recursive descent; every recursion passes through `#nested`, which bounds it. */
class TargetParser {
  readonly #cursor: TokenCursor;
  #depth = 0;

  constructor(cursor: TokenCursor) {
    this.#cursor = cursor;
  }

  parseOr(): TargetNode {
    return this.#parseChain('or', () => this.#parseAnd());
  }

  #parseAnd(): TargetNode {
    return this.#parseChain('and', () => this.#parseNot());
  }

  #parseChain(kind: 'and' | 'or', parseTerm: () => TargetNode): TargetNode {
    const first = parseTerm();
    const terms = [first];
    while (this.#cursor.acceptWord(kind)) terms.push(parseTerm());
    return terms.length === 1 ? first : { kind, terms };
  }

  #parseNot(): TargetNode {
    if (!this.#cursor.acceptWord('not')) return this.#parseOperand();
    return { kind: 'not', term: this.#nested(() => this.#parseNot()) };
  }

  #parseOperand(): TargetNode {
    if (this.#cursor.acceptSymbol('(')) {
      const inner = this.#nested(() => this.parseOr());
      this.#cursor.expectSymbol(')');
      return inner;
    }
    const word = this.#cursor.peek();
    if (word.kind !== 'word') throw this.#cursor.toError('a column', "a condition starts with a column: name = 'web1'");
    this.#cursor.next();
    switch (word.text) {
      case 'all':
      case 'true':
        return { kind: 'constant', value: true };
      case 'false':
        return { kind: 'constant', value: false };
      case 'online':
        return { kind: 'compare', column: { kind: 'text', name: 'status' }, comparison: '=', value: 'online' };
      case 'local':
        throw new TargetError(
          word.offset,
          'expected a condition on agents, got local',
          'local runs a question on this machine without any agent; it stands alone on the command line: -t local',
        );
    }
    const column = parseColumnName(word);
    return column.kind === 'time' ? parseTimeCondition(this.#cursor, column) : parseTextCondition(this.#cursor, column);
  }

  #nested(parse: () => TargetNode): TargetNode {
    if (this.#depth === targetLimits.depth) throw this.#cursor.toError(`at most ${targetLimits.depth} nested levels`);
    this.#depth += 1;
    const node = parse();
    this.#depth -= 1;
    return node;
  }
}

/** Counts the tree and not the text, since NOT LIKE and BETWEEN stand for several nodes. */
function assertWithinLimits(tree: TargetNode): void {
  let nodes = 0;
  let elements = 0;
  let level: readonly TargetNode[] = [tree];
  for (let depth = 1; level.length > 0; depth += 1) {
    nodes += level.length;
    for (const node of level) if (node.kind === 'regex') elements += countRegexElements(node.pattern);
    if (depth > targetLimits.depth) throw new TargetError(0, `expected at most ${targetLimits.depth} nested levels`);
    level = level.flatMap(toTerms);
  }
  if (elements > targetLimits.regexElements)
    throw new TargetError(
      0,
      `expected regular expressions of at most ${targetLimits.regexElements} elements together, got ${elements}`,
      'a counted repeat such as {60} counts as often as it repeats',
    );
  if (nodes > targetLimits.nodes)
    throw new TargetError(
      0,
      `expected at most ${targetLimits.nodes} conditions, AND, OR and NOT, got ${nodes}`,
      "a list of values is shorter as name IN ('web1', 'web2')",
    );
}

function toTerms(node: TargetNode): readonly TargetNode[] {
  if (node.kind === 'and' || node.kind === 'or') return node.terms;
  return node.kind === 'not' ? [node.term] : [];
}
