/** A condition on a field of an entry: `_UID=0`, `terminal!=tty1`, `address~^10\.`, `account!~^svc`. */
import { describePatternError } from '../../kit/pattern.ts';

export interface FieldTest {
  readonly name: string;
  readonly operator: '=' | '!=' | '~' | '!~';
  /** A text, or an RE2 pattern behind `~`. */
  readonly value: string;
}

const form = /^([A-Za-z_][A-Za-z0-9_-]{0,63})(!?[=~])([\s\S]*)$/;

/** The reason when it is none. */
export function parseFieldTest(text: string): FieldTest | string {
  const [, name, operator, value] = form.exec(text) ?? [];
  if (name === undefined || value === undefined)
    return `expected a condition such as _UID=0, terminal!=tty1 or address~^10[.], got ${JSON.stringify(text.slice(0, 200))}`;
  const test: FieldTest = { name, operator: operator as FieldTest['operator'], value };
  const problem = test.operator.endsWith('~') ? describePatternError(value) : undefined;
  return problem === undefined ? test : `${problem} in ${JSON.stringify(text.slice(0, 200))}`;
}

/** The patterns in a condition. */
export function patternsInFieldTest(text: string): readonly string[] {
  const test = parseFieldTest(text);
  return typeof test !== 'string' && test.operator.endsWith('~') ? [test.value] : [];
}
