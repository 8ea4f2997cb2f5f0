/** JSON that a person wrote: its values, and for each the line and column where it stands. */
import { evaluate, type MemberNode, type ObjectNode, parse, type ValueNode } from '@humanwhocodes/momoa';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { type JsonBounds, parseJson } from '../../../protocol/base/strict-json.ts';
import { splitHint } from '../split-hint.ts';

export type JsonSourceCode = 'action-file-malformed';

export interface Place {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** `FILE:12:9: field: what was expected`, as editors know how to follow. */
export interface Complaint {
  readonly place: Place;
  /** `operations[0].parameters.searches.s1.names[2]`; empty for the whole. */
  readonly field: string;
  readonly message: string;
}

export function malformed(file: string, complaints: readonly Complaint[], hint?: string): CodedError<JsonSourceCode> {
  const byPlace = complaints.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  const lines = byPlace.map(({ place, field, message }) => {
    const named = field === '' ? message : `${field}: ${message}`;
    return `${file}:${place.line}:${place.column}: ${named}`;
  });
  return new CodedError('action-file-malformed', lines.join('\n'), hint === undefined ? {} : { hint });
}

export function toField(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

export function keyOf(member: MemberNode): string {
  return member.name.type === 'String' ? member.name.value : member.name.name;
}

export function findMember(node: ValueNode | undefined, key: PropertyKey): MemberNode | undefined {
  return node?.type === 'Object' ? node.members.find((member) => keyOf(member) === key) : undefined;
}

export function findValue(node: ValueNode | undefined, path: readonly PropertyKey[]): ValueNode | undefined {
  let found = node;
  for (const step of path)
    found =
      found?.type === 'Array' && typeof step === 'number'
        ? found.elements[step]?.value
        : findMember(found, step)?.value;
  return found;
}

/** The place of a field, or of the nearest one around it. */
export function placeOf(root: ValueNode, path: readonly PropertyKey[]): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const outer = findValue(root, path.slice(0, length - 1));
    const member = findMember(outer, path[length - 1] ?? '');
    const found = member?.name ?? findValue(root, path.slice(0, length));
    if (found !== undefined) return found.loc.start;
  }
  return root.loc.start;
}

function isSame(left: ValueNode, right: ValueNode): boolean {
  return JSON.stringify(evaluate(left)) === JSON.stringify(evaluate(right));
}

/** The second of two members with one key that say different things, wherever it is; files repeat themselves. */
function findContradiction(node: ValueNode, path: readonly PropertyKey[] = []): Complaint | undefined {
  const children: (readonly [PropertyKey, ValueNode])[] = [];
  if (node.type === 'Array') for (const [index, { value }] of node.elements.entries()) children.push([index, value]);
  if (node.type === 'Object') {
    const seen = new Map<string, ValueNode>();
    for (const member of node.members) {
      const key = keyOf(member);
      const before = seen.get(key);
      if (before === undefined) {
        seen.set(key, member.value);
        children.push([key, member.value]);
      } else if (!isSame(before, member.value))
        return {
          place: member.name.loc.start,
          field: toField([...path, key]),
          message: 'expected this key once, got it again with another value',
        };
    }
  }
  for (const [step, child] of children) {
    const found = findContradiction(child, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** momoa's errors carry the place. */
function placeOfError(error: unknown): Place {
  const { line, column } = Object(error);
  return { line: typeof line === 'number' ? line : 1, column: typeof column === 'number' ? column : 1 };
}

/** People's words for momoa's tokens. */
const tokenWords: ReadonlyMap<string, string> = new Map([
  ['Comma', 'a comma with no value behind it'],
  ['Colon', 'a colon too many'],
  ['LBrace', 'an unexpected {'],
  ['RBrace', 'an unexpected }'],
  ['LBracket', 'an unexpected ['],
  ['RBracket', 'an unexpected ]'],
  ['String', 'a text where a comma, a colon or the end should be'],
  ['Number', 'a number where a comma, a colon or the end should be'],
]);

function toSyntaxMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const [, token = ''] = /^Unexpected token (\w+) found/.exec(message) ?? [];
  const [, other = 'something else'] = /^Unexpected (.*) found/.exec(message) ?? [];
  return `expected JSON, got ${tokenWords.get(token) ?? other.replace(/^(character|identifier) /, '').replace(/^end of input$/, 'the end')}`;
}

/** Beyond what an action may have. */
function tooMuch(file: string, cause: CodedError): CodedError {
  return new CodedError(cause.code, `${file}: ${cause.message}`, { hint: splitHint, cause });
}

/**
 * @param file for messages.
 * @throws CodedError json-too-large, json-too-deep, json-too-many-values, action-file-malformed
 */
export function parseJsonSource(bytes: Uint8Array, file: string, bounds: JsonBounds): ObjectNode {
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    // Bounds size, depth and values before the slower parser that keeps the places.
    parseJson(bytes, bounds);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code !== 'json-malformed') throw tooMuch(file, error);
  }
  let root: ValueNode;
  try {
    root = parse(text).body;
  } catch (error) {
    throw malformed(file, [{ place: placeOfError(error), field: '', message: toSyntaxMessage(error) }]);
  }
  if (root.type !== 'Object')
    throw malformed(file, [{ place: root.loc.start, field: '', message: 'expected an action, { "name": … }' }]);
  const contradiction = findContradiction(root);
  if (contradiction !== undefined) throw malformed(file, [contradiction]);
  return root;
}
