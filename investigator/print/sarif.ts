/** Answers as SARIF 2.1.0, for what collects findings of analysers. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import type { CheckRule } from '../../modules/kit/module.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { type CheckOutcome, lacksOf, rulesOf, toCheckOutcomes } from './checks.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { toCompletenessLine } from './text.ts';
import { toVerdictLine } from './verdict.ts';

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
const kinds = { pass: 'pass', fail: 'fail', unknown: 'open', notapplicable: 'notApplicable' } as const;

function toRule({ id, title, why, fix, references = [], severity }: CheckRule) {
  const [helpUri] = references.filter((reference) => URL.canParse(reference));
  return {
    id: escapeText(id),
    shortDescription: { text: escapeText(title) },
    ...(why === undefined ? {} : { fullDescription: { text: escapeText(why) } }),
    ...(fix === undefined ? {} : { help: { text: escapeText(fix) } }),
    ...(helpUri === undefined ? {} : { helpUri }),
    ...(severity === undefined ? {} : { defaultConfiguration: { level: levels[severity] } }),
  };
}

function toResult({ rule, verdict, line }: CheckOutcome, host: string, known: CheckRule | undefined) {
  return {
    ruleId: escapeText(rule),
    kind: kinds[verdict],
    // Only a failure has a level, says 3.27.10.
    level: verdict === 'fail' ? levels[known?.severity ?? 'medium'] : 'none',
    message: { text: escapeText(`${host}: ${line}`) },
    locations: [{ logicalLocations: [{ fullyQualifiedName: escapeText(host), kind: 'resource' }] }],
  };
}

export function sarifPrinter(options: PrinterOptions): Printer {
  const { console, show, label } = options;
  const rules = rulesOf(options);
  const results: ReturnType<typeof toResult>[] = [];
  const notices: { readonly level: string; readonly message: { readonly text: string } }[] = [];
  const notice = (text: string, level: 'error' | 'warning' = 'error'): void => {
    notices.push({ level, message: { text: escapeText(text) } });
  };
  return {
    result: (result) => {
      const host = label(result);
      if (!isShown(result, show)) return;
      for (const { text, isError } of lacksOf(result)) notice(`${host}: ${text}`, isError ? 'error' : 'warning');
      for (const outcome of toCheckOutcomes(result, options, rules))
        results.push(toResult(outcome, host, rules.get(outcome.rule)));
    },
    end: (outcome) => {
      for (const { agent, code } of outcome.refusals) notice(`${outcome.names.get(agent) ?? agent}: refused: ${code}`);
      if (outcome.completeness.silent > 0) notice(`${outcome.completeness.silent} agents gave no answer`);
      const run = {
        tool: { driver: { name: 'mig', rules: [...rules.values()].map(toRule) } },
        invocations: [
          { executionSuccessful: notices.every(({ level }) => level !== 'error'), toolExecutionNotifications: notices },
        ],
        results,
      };
      const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
      console.data(toSafeJson({ $schema: schema, version: '2.1.0', runs: [run] }));
      console.note(toCompletenessLine(outcome));
      console.note(toVerdictLine(outcome));
    },
  };
}
