/** Policies of Wazuh's SCA, as tests of a policy document. */
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import type { Expression } from '../document/expression.ts';
import type { PolicyDocument, PolicyTest } from '../document/policy-document.ts';
import { toRule } from './rule.ts';
import type { Rule } from './rule-type.ts';
import { Untranslated } from './untranslated.ts';

const mostRules = 256;
const Rules = z.object({
  condition: z.enum(['all', 'any', 'none']).default('all'),
  rules: z.array(z.string().max(8192)).min(1).max(mostRules),
});
type Rules = z.infer<typeof Rules>;

const Text = z.string().max(64 * 1024);
const Id = z.union([z.int().min(0), z.string().max(64)]).transform(String);
const Check = Rules.extend({
  id: Id,
  name: Text.optional(),
  title: Text.optional(),
  rationale: Text.nullish(),
  remediation: Text.nullish(),
});
type Check = z.infer<typeof Check>;

const ScaPolicy = z.object({
  policy: z.object({ id: z.string().max(64), name: Text, regex_type: z.string().optional() }),
  requirements: Rules.nullish(),
  variables: z.record(z.string().startsWith('$'), z.string().max(8192)).nullish(),
  checks: z.array(Check).min(1).max(20_000),
});

interface Left {
  readonly id: string;
  readonly why: string;
}

export interface Compiled {
  readonly name: string;
  readonly tests: readonly PolicyTest[];
  readonly left: readonly Left[];
}

/** The longest name first: one may begin with another. */
function withVariables(text: string, variables: Readonly<Record<string, string>>): string {
  const names = Object.keys(variables).sort((a, b) => b.length - a.length);
  return names.reduce((soFar, name) => soFar.replaceAll(name, () => variables[name] ?? ''), text);
}

interface Judged {
  readonly check: Expression;
  readonly applies: readonly Expression[];
}

/** SCA has a verdict where all rules have one, or one of them decides alone. */
function toApplies(condition: Rules['condition'], rules: readonly Rule[]): readonly Expression[] {
  const decidable = rules.flatMap((rule) => rule.decidable ?? []);
  if (decidable.length === 0) return [];
  if (rules.length === 1) return decidable;
  const deciding = rules.map((rule): Expression => {
    const decides: Expression = condition === 'all' ? { not: rule.holds } : rule.holds;
    return rule.decidable === undefined ? decides : { all: [rule.decidable, decides] };
  });
  return [{ any: [{ all: decidable }, ...deciding] }];
}

function judge({ condition, rules: texts }: Rules, variables: Readonly<Record<string, string>>): Judged {
  const rules = texts.map((text) => toRule(withVariables(text, variables)));
  const all = rules.map(({ holds }) => holds);
  const [only] = all;
  const check = all.length === 1 && only !== undefined && condition !== 'none' ? only : { [condition]: all };
  return { check, applies: toApplies(condition, rules) };
}

function cut(text: string | null | undefined, most: number): string | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function toTest(id: string, check: Check, judged: Judged, required: readonly Expression[]): PolicyTest {
  const applies = [...required, ...judged.applies];
  const [only] = applies;
  const [why, fix] = [cut(check.rationale, 4096), cut(check.remediation, 4096)];
  return {
    id,
    title: cut(check.title ?? check.name, 512) ?? id,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
    ...(only === undefined ? {} : { applies: applies.length === 1 ? only : { all: applies } }),
    check: judged.check,
  };
}

/** What `judge` says, or why it does not. */
function tryJudge(rules: Rules, variables: Readonly<Record<string, string>>): Judged | string {
  try {
    return judge(rules, variables);
  } catch (error) {
    if (error instanceof Untranslated) return error.message;
    throw error;
  }
}

/**
 * @param value of the YAML file; `file` is its name, for messages.
 * @throws CodedError document-malformed
 */
export function compileSca(value: unknown, file: string): Compiled {
  const parsed = ScaPolicy.safeParse(value);
  if (!parsed.success)
    throw new CodedError(
      'document-malformed',
      `expected a policy of SCA in ${file}\n${z.prettifyError(parsed.error)}`,
      {
        cause: parsed.error,
      },
    );
  const { policy, requirements, variables, checks } = parsed.data;
  const toId = (id: string): string => `${policy.id}.${id}`;
  if (policy.regex_type !== undefined && policy.regex_type !== 'pcre2')
    return {
      name: policy.name,
      tests: [],
      left: checks.map(({ id }) => ({ id: toId(id), why: `patterns of ${policy.regex_type}` })),
    };
  const known = variables ?? {};
  const required = requirements === null || requirements === undefined ? undefined : tryJudge(requirements, known);
  if (typeof required === 'string')
    return {
      name: policy.name,
      tests: [],
      left: checks.map(({ id }) => ({ id: toId(id), why: `requirements: ${required}` })),
    };
  const needs = required === undefined ? [] : [...required.applies, required.check];
  const tests: PolicyTest[] = [];
  const left: Left[] = [];
  for (const check of checks) {
    const id = toId(check.id);
    const judged = tryJudge(check, known);
    if (typeof judged === 'string') left.push({ id, why: judged });
    else tests.push(toTest(id, check, judged, needs));
  }
  return { name: policy.name, tests, left };
}

/** One document of several policies. */
export function toDocument(compiled: readonly Compiled[]): PolicyDocument {
  const name = compiled.map((one) => one.name).join('; ');
  return { version: 2, name: cut(name, 512) ?? 'SCA', objects: {}, tests: compiled.flatMap(({ tests }) => tests) };
}
