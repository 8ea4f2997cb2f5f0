/** The conditions of a search: a list of texts, each checked against the key spaces before the question is signed. */
import * as z from 'zod';
import { type Field, plainField } from '../kit/field.ts';
import { placeCondition } from './grammar/check-condition.ts';
import { parseCondition } from './grammar/condition.ts';
import { spaces } from './spaces.ts';

const mostConditions = 4096;
const mostCharacters = 4096;

const prefixes = spaces.map(({ prefix }) => `${prefix}:`).join(' ');

const Condition = z
  .string()
  .max(mostCharacters)
  .superRefine((text, context) => {
    const placed = placeCondition(text, spaces);
    if (typeof placed === 'string') context.addIssue({ code: 'custom', message: placed });
  });

const Conditions = z
  .array(Condition, {
    error: ({ input }) => (input === undefined ? 'expected at least one condition, got none' : undefined),
  })
  .min(1)
  .max(mostConditions);

/** What stands behind `~`. */
function patternsIn(text: string): readonly string[] {
  const parsed = parseCondition(text);
  if (parsed.kind === 'problem' || parsed.condition.test.kind !== 'compare') return [];
  const { operator, values } = parsed.condition.test;
  return operator.endsWith('~') ? values : [];
}

const field: Field<typeof Conditions> = plainField(
  'text',
  Conditions,
  {
    name: 'setting',
    kind: 'string',
    repeatable: true,
    value: 'condition',
    help: `Setting, and a condition on its value; a key alone asks for the value. All must hold. Keys begin with ${prefixes}; a wrong one is answered with those that there are.`,
    example: "-setting 'sysctl:net.ipv4.ip_forward != 0'",
  },
  { discloses: 'content' },
);

export const conditions: Field<typeof Conditions> = { ...field, patternsIn };
