/** The fields of a search that are checked by a grammar of their own. */
import * as z from 'zod';
import { type Field, plainField } from '../../kit/field.ts';
import { parseBy } from './by.ts';
import { parseFieldTest, patternsInFieldTest } from './field-test.ts';

const mostTests = 64;
const mostCharacters = 4200;

/** The text has this form; else the reason is the message. */
function checkedText(parse: (text: string) => unknown) {
  return z
    .string()
    .max(mostCharacters)
    .superRefine((text, context) => {
      const parsed = parse(text);
      if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
    });
}

const Tests = z.array(checkedText(parseFieldTest)).max(mostTests).optional();

export const fieldTests: Field<typeof Tests> = {
  ...plainField(
    'text',
    Tests,
    {
      name: 'field',
      kind: 'string',
      repeatable: true,
      value: 'condition',
      help: 'Field has this value: _UID=0; others: terminal!=tty1, _EXE~regex, account!~regex. Several values of one field are alternatives, all else must hold.',
      example: '-field _UID=0',
    },
    { discloses: 'content' },
  ),
  patternsIn: patternsInFieldTest,
};

const ByText = checkedText(parseBy).optional();

/** A pattern that `by` is; none for a field. */
function patternsInBy(text: string): readonly string[] {
  const by = parseBy(text);
  return typeof by !== 'string' && by.type === 'capture' ? [by.pattern] : [];
}

export const byField: Field<typeof ByText> = {
  ...plainField(
    'text',
    ByText,
    {
      name: 'by',
      kind: 'string',
      value: 'field|regex',
      help: 'Counts for each value of a field, such as unit, identifier, account or address, or of the capture of a regex, whose name says what it is: (?P<address>…), number, unit, account (of this machine) or path (of a program). Nothing else is told.',
      example: "-by 'from (?P<address>\\S+) port'",
    },
    { discloses: 'names' },
  ),
  patternsIn: patternsInBy,
};
