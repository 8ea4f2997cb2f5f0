/** Expressions of a policy: searches of other modules, what they must find, and combinations of these. */
import * as z from 'zod';
import { describePatternError } from '../../kit/pattern.ts';
import { comparedTypes, parseComparison } from './comparison.ts';

export const TestId = z.string().regex(/^[A-Za-z0-9][\w.:/@+-]{0,127}$/, {
  error: ({ input }) => `expected letters, digits and . _ : / @ + - for a name, got ${JSON.stringify(input)}`,
});

/** A search of another module, `{"setting": {"settings": ["sysctl:kernel.kptr_restrict >= 1"]}}`. */
export const SearchObject = z
  .record(z.string().regex(/^[a-z][a-z0-9]{0,31}$/, 'expected the name of a module'), z.unknown())
  .refine((object) => Object.keys(object).length === 1, { error: 'expected one module with its search' });
export type SearchObject = z.infer<typeof SearchObject>;

/** By its name in `objects`, or in place. */
const ObjectReference = z.union([TestId, SearchObject], {
  error: 'expected the name of an object, or a module with its search',
});
export type ObjectReference = z.infer<typeof ObjectReference>;

const Count = z
  .strictObject({ of: ObjectReference, is: z.string().max(64) })
  .refine(({ is }) => parseComparison(is, 'number') !== undefined, {
    path: ['is'],
    error: 'expected a comparison with a number, such as <= 3',
  });

const Compare = z
  .strictObject({
    of: ObjectReference,
    /** Of the module that finds: `mig help MODULE` lists them. */
    column: z.string().min(1).max(64),
    is: z.string().max(4096),
    as: z.enum(comparedTypes).default('text'),
    /** Whether all that is found must compare so, or any of it. */
    for: z.enum(['all', 'any']).default('all'),
  })
  .superRefine(({ is, as }, context) => {
    const comparison = parseComparison(is, as);
    const problem =
      comparison === undefined
        ? 'expected a comparison of that type: =, !=, <, <=, >, >= and a value; ~ and a pattern for text'
        : comparison.operator.endsWith('~') && describePatternError(comparison.value);
    if (typeof problem === 'string') context.addIssue({ code: 'custom', path: ['is'], message: problem });
  });

export interface Expression {
  readonly all?: readonly Expression[] | undefined;
  readonly any?: readonly Expression[] | undefined;
  readonly none?: readonly Expression[] | undefined;
  readonly not?: Expression | undefined;
  /** The test of that name passes. */
  readonly test?: string | undefined;
  /** The search finds something. */
  readonly found?: ObjectReference | undefined;
  readonly missing?: ObjectReference | undefined;
  readonly count?: z.infer<typeof Count> | undefined;
  readonly compare?: z.infer<typeof Compare> | undefined;
}

/** No person reads more levels. Of the plain text: each level has an object, and lists have a level of their own. */
const several = (): z.ZodArray<typeof Expression> => z.array(Expression).min(1).max(256);

export const Expression: z.ZodType<Expression> = z.lazy(() =>
  z
    .strictObject({
      all: several().optional(),
      any: several().optional(),
      none: several().optional(),
      not: Expression.optional(),
      test: TestId.optional(),
      found: ObjectReference.optional(),
      missing: ObjectReference.optional(),
      count: Count.optional(),
      compare: Compare.optional(),
    })
    .refine((expression) => Object.keys(expression).length === 1, {
      error: 'expected one of all, any, none, not, test, found, missing, count, compare',
    }),
);

/** The expression and those within, outermost first. */
export function* walkExpression(expression: Expression): Generator<Expression> {
  yield expression;
  const { all = [], any = [], none = [], not } = expression;
  for (const one of [...all, ...any, ...none]) yield* walkExpression(one);
  if (not !== undefined) yield* walkExpression(not);
}

/** The object that the expression itself is about. */
export function objectOf({ found, missing, count, compare }: Expression): ObjectReference | undefined {
  return found ?? missing ?? count?.of ?? compare?.of;
}
