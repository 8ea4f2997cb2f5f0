/** Words zod's messages as all others here are worded. A schema's own words stay as they are. */
import type * as z from 'zod';

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  nonoptional: 'a value',
  undefined: 'nothing',
};

function toNoun(type: string): string {
  return nouns[type] ?? type;
}

/** `expected a list, got a text` */
export function toIssueMessage(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  const types = /^Invalid input: expected (\w+), received (\w+)$/.exec(message);
  if (types !== null) return `expected ${toNoun(types[1] ?? '')}, got ${toNoun(types[2] ?? '')}`;
  const bound = /^Too (?:small|big): expected (\w+) to (?:be|have) ([<>]=?)(-?[\d.]+)(?: \w+)?$/.exec(message);
  if (bound === null) return message.replace(/^Invalid \w+: /, '');
  const [, type = '', sign = '', limit = ''] = bound;
  const most = sign.startsWith('<') ? 'at most' : 'at least';
  if (type === 'string' && sign === '>=' && limit === '1') return 'expected a text, got an empty one';
  const unit = type === 'string' ? ' characters' : type === 'array' ? ' entries' : '';
  return `expected ${most} ${limit}${unit}`;
}
