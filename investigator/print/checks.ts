/** Findings as outcomes of checks, for formats of build pipelines. */
import type { CheckRule, Checks } from '../../modules/kit/module.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { gradeOf } from '../answers/outcome.ts';
import { toFindings } from './finding.ts';
import { describeGaps } from './gaps.ts';
import type { PrinterOptions } from './printer.ts';

type CheckVerdict = 'pass' | 'fail' | 'unknown' | 'notapplicable';

export interface CheckOutcome {
  readonly module: string;
  /** Id of the rule; the module where it has no rules. */
  readonly rule: string;
  /** A finding of a module without rules is a failed check. */
  readonly verdict: CheckVerdict;
  /** Not escaped. */
  readonly line: string;
  readonly title?: string | undefined;
}

const verdicts: readonly CheckVerdict[] = ['pass', 'fail', 'unknown', 'notapplicable'];

/** The rules of a question, by id. */
export function rulesOf({ asked, modules }: Pick<PrinterOptions, 'asked' | 'modules'>): ReadonlyMap<string, CheckRule> {
  const rules = asked.operations.flatMap(({ module, parameters }) => {
    const { checks, parameters: schema } = modules.get(module) ?? {};
    const parsed = schema?.safeParse(parameters);
    return checks === undefined || parsed?.success !== true ? [] : checks.rules(parsed.data);
  });
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function toVerdict(cell: unknown): CheckVerdict {
  return verdicts.find((verdict) => verdict === cell) ?? 'fail';
}

export function* toCheckOutcomes(
  result: ResultAnswer,
  { asked, modules }: Pick<PrinterOptions, 'asked' | 'modules'>,
  rules: ReadonlyMap<string, CheckRule>,
): Generator<CheckOutcome> {
  for (const { module, line, cells = {} } of toFindings(result, asked, modules)) {
    const checks: Checks | undefined = modules.get(module)?.checks;
    if (checks === undefined) yield { module, rule: module, verdict: 'fail', line };
    else {
      const rule = String(cells[checks.rule] ?? module);
      yield { module, rule, verdict: toVerdict(cells[checks.verdict]), line, title: rules.get(rule)?.title };
    }
  }
}

export interface Lack {
  /** Whether something went wrong; else only a part was looked at. */
  readonly isError: boolean;
  /** Not escaped. */
  readonly text: string;
}

/** What an answer lacks. */
export function lacksOf(result: ResultAnswer): Lack[] {
  const grade = gradeOf(result);
  const errors = result.operations.flatMap((operation) => operation.errors);
  return [
    ...(grade === 'stopped' || grade === 'failed' ? [{ isError: true, text: grade }] : []),
    ...(grade === 'partly' ? [{ isError: false, text: `partly: ${describeGaps(result)}` }] : []),
    ...errors.map((text) => ({ isError: true, text })),
  ];
}
