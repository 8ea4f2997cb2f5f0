/** A condition on one setting as text, `sysctl:net.ipv4.ip_forward != 0`: in flags and in action files alike. */

const comparing = ['!~', '!=', '<=', '>=', '<', '>', '=', '~'] as const;
const ofSeveral = ['!in', 'in'] as const;
const alone = ['set', 'unset', 'now!=boot'] as const;

export type Operator = (typeof comparing)[number] | (typeof ofSeveral)[number];

export type Test =
  /** Asks for the value. */
  | { readonly kind: 'value' }
  | { readonly kind: (typeof alone)[number] }
  /** Only `in` and `!in` have other than one value. */
  | { readonly kind: 'compare'; readonly operator: Operator; readonly values: readonly string[] };

export interface Condition {
  /** With the prefix of its space. */
  readonly key: string;
  readonly test: Test;
}

export type Parsed =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'problem'; readonly message: string };

const operators = `expected an operator (= != < <= > >= ~ !~ in !in set unset now!=boot)`;
const quoted = /^"((?:[^"\\]|\\["\\])*)"/;

function unquote(text: string): string {
  return text.replaceAll(/\\(["\\])/g, '$1');
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function problem(message: string): Parsed {
  return { kind: 'problem', message };
}

/** The text at the beginning, which ends at a blank unless it is quoted. */
function takeKey(text: string): { readonly key: string; readonly rest: string } | null {
  const [whole, inner] = quoted.exec(text) ?? [];
  if (whole !== undefined && inner !== undefined) return { key: unquote(inner), rest: text.slice(whole.length) };
  const [bare = ''] = /^[^\s"]\S*/.exec(text) ?? [];
  return bare === '' ? null : { key: bare, rest: text.slice(bare.length) };
}

/** A value to the end of the text; null when it must be in quotes. */
function parseValue(text: string): string | null {
  if (!text.startsWith('"')) return /^[=~]/.test(text) || text === '' ? null : text;
  const [whole, inner] = quoted.exec(text) ?? [];
  return whole === text && inner !== undefined ? unquote(inner) : null;
}

/** Values between commas; null when one is missing. */
function parseValues(text: string): readonly string[] | null {
  const values: string[] = [];
  for (let rest = text; ; ) {
    const [whole = '', inner, bare] =
      /^\s*(?:"((?:[^"\\]|\\["\\])*)"|([^\s,"](?:[^,]*[^\s,])?))\s*(?=,|$)/.exec(rest) ?? [];
    const value = inner === undefined ? bare : unquote(inner);
    if (value === undefined) return null;
    values.push(value);
    if (whole.length === rest.length) return values;
    rest = rest.slice(whole.length + 1);
  }
}

function parseTest(text: string): Test | string {
  if (text === '') return { kind: 'value' };
  const word = alone.find((one) => text === one);
  if (word !== undefined) return { kind: word };
  const several = ofSeveral.find((one) => text === one || (text.startsWith(one) && /\s/.test(text[one.length] ?? '')));
  if (several !== undefined) {
    const values = parseValues(text.slice(several.length));
    return values === null
      ? `expected values behind ${several}, with commas between them, got ${JSON.stringify(text)}`
      : { kind: 'compare', operator: several, values };
  }
  const operator = comparing.find((one) => text.startsWith(one));
  if (operator === undefined) return `${operators} behind the key, got ${JSON.stringify(text)}`;
  const value = parseValue(text.slice(operator.length).trim());
  return value === null
    ? `expected a value behind ${operator}, in quotes when it is empty or begins with one of = ~ ", got ${JSON.stringify(text)}`
    : { kind: 'compare', operator, values: [value] };
}

/** Says what is wrong with the text, but nothing about the key itself. */
export function parseCondition(text: string): Parsed {
  const trimmed = text.trim();
  const taken = takeKey(trimmed);
  if (taken === null) return problem(`expected a key such as sysctl:net.ipv4.ip_forward, got ${JSON.stringify(text)}`);
  const { key, rest } = taken;
  if (rest !== '' && !/^\s/.test(rest)) return problem(`expected a blank behind the key, got ${JSON.stringify(text)}`);
  const test = parseTest(rest.trim());
  return typeof test === 'string' ? problem(test) : { kind: 'condition', condition: { key, test } };
}

function printValue(value: string): string {
  return value === '' || value.trim() !== value || /^["=~]/.test(value) ? quote(value) : value;
}

function printOneOf(value: string): string {
  return value.includes(',') ? quote(value) : printValue(value);
}

/** The text that parses to the condition. */
export function printCondition({ key, test }: Condition): string {
  const name = key === '' || /["\s]/.test(key) ? quote(key) : key;
  if (test.kind === 'value') return name;
  if (test.kind !== 'compare') return `${name} ${test.kind}`;
  const { operator, values } = test;
  const isOfSeveral = operator === 'in' || operator === '!in';
  return `${name} ${operator} ${isOfSeveral ? values.map(printOneOf).join(', ') : printValue(values[0] ?? '')}`;
}
