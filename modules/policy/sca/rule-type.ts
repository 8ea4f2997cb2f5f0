/** What a rule becomes. */
import type { Expression } from '../document/expression.ts';

export interface Rule {
  readonly holds: Expression;
  /** Where it is false, SCA has no verdict on the rule. */
  readonly decidable?: Expression;
}
