/** Turns zod's issues into problems, and adds the found value and the remedy. */
import * as z from 'zod';
import { type ConfigProblem, quote, toField } from './problem.ts';
import { suggestionFor } from './suggest.ts';

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema._JSONSchema;

function asSchema(schema: JsonSchema | undefined): z.core.JSONSchema.JSONSchema | undefined {
  return typeof schema === 'object' ? schema : undefined;
}

/** The fields that the schema has at a path. */
function fieldsAt(root: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schema = asSchema(z.toJSONSchema(root, { io: 'input', unrepresentable: 'any' }));
  for (const part of path) {
    const items = schema?.items;
    if (typeof part === 'number') schema = Array.isArray(items) ? undefined : asSchema(items);
    else schema = asSchema(schema?.properties?.[String(part)]) ?? asSchema(schema?.additionalProperties);
  }
  return Object.keys(schema?.properties ?? {});
}

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = units[issue.origin] ?? '';
  return issue.code === 'too_small' ? `at least ${issue.minimum}${unit}` : `at most ${issue.maximum}${unit}`;
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `${value.length} characters`;
  return Array.isArray(value) ? `${value.length} entries` : quote(value);
}

function toProblem(issue: Issue, field: string): ConfigProblem {
  const got = quote(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? { field, message: `expected ${issue.expected}, got nothing`, hint: 'add this field' }
        : { field, message: `expected ${issue.expected}, got ${got}`, hint: 'give a value of that type' };
    case 'too_small':
    case 'too_big':
      return {
        field,
        message: `expected ${boundOf(issue)}, got ${sizeOf(issue.input)}`,
        hint: 'choose a value within that bound',
      };
    default:
      return {
        field,
        message: `${issue.message.startsWith('expected') ? issue.message : `expected a valid value (${issue.message})`}, got ${got}`,
        hint: 'correct the value; docs/sysadmin.md shows an example',
      };
  }
}

/** @param error of a parse with `reportInput`, so that each issue knows what was there. */
export function toProblems(schema: z.ZodType, error: z.ZodError): ConfigProblem[] {
  return error.issues.flatMap((issue): ConfigProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = fieldsAt(schema, issue.path);
      return issue.keys.map((key) => ({
        field: toField([...issue.path, key]),
        message: 'expected no such field, got one',
        hint: suggestionFor(key, known),
      }));
    }
    const field = toField(issue.path);
    if (issue.code === 'invalid_key') {
      const name = issue.path.at(-1);
      const why = issue.issues.map((inner) => inner.message).find((text) => text.startsWith('expected'));
      return [{ field, message: `${why ?? 'expected a valid name'}, got ${quote(name)}`, hint: 'rename it' }];
    }
    return [toProblem(issue, field)];
  });
}
