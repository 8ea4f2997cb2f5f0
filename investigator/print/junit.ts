/** Answers as JUnit XML, for pipelines of images: a suite for each host, a case for each check that is listed. */
import { escapeText } from '../../protocol/base/escape.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import { type CheckOutcome, lacksOf, rulesOf, toCheckOutcomes } from './checks.ts';
import { isShown, type Printer, type PrinterOptions } from './printer.ts';
import { toCompletenessLine } from './text.ts';
import { toVerdictLine } from './verdict.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function toXml(text: string): string {
  return escapeText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function toCase({ module, rule, verdict, line, title }: CheckOutcome): string {
  const name = title === undefined ? rule : `${rule}: ${title}`;
  const head = `<testcase classname="${toXml(module)}" name="${toXml(name)}"`;
  const message = `message="${toXml(line)}"`;
  switch (verdict) {
    case 'pass':
      return `    ${head}/>`;
    case 'fail':
      return `    ${head}><failure ${message}/></testcase>`;
    case 'unknown':
      return `    ${head}><error ${message}/></testcase>`;
    case 'notapplicable':
      return `    ${head}><skipped ${message}/></testcase>`;
  }
}

function toSuite(host: string, result: ResultAnswer, outcomes: readonly CheckOutcome[]): string[] {
  const lacks = lacksOf(result).map(
    ({ isError, text }): CheckOutcome => ({
      module: 'mig',
      rule: 'answer',
      verdict: isError ? 'unknown' : 'notapplicable',
      line: text,
    }),
  );
  const cases = [...outcomes, ...lacks];
  const count = (verdict: CheckOutcome['verdict']): number => cases.filter((one) => one.verdict === verdict).length;
  const seconds = result.operations.reduce((sum, { receipt }) => sum + receipt.cost.wallms, 0) / 1000;
  const numbers = `tests="${cases.length}" failures="${count('fail')}" errors="${count('unknown')}" skipped="${count('notapplicable')}"`;
  return [
    `  <testsuite name="${toXml(host)}" ${numbers} time="${seconds.toFixed(3)}">`,
    ...cases.map(toCase),
    '  </testsuite>',
  ];
}

export function junitPrinter(options: PrinterOptions): Printer {
  const { console, show, label } = options;
  const rules = rulesOf(options);
  console.data('<?xml version="1.0" encoding="UTF-8"?>');
  console.data('<testsuites name="mig">');
  return {
    result: (result) => {
      if (!isShown(result, show)) return;
      const outcomes = [...toCheckOutcomes(result, options, rules)];
      for (const line of toSuite(label(result), result, outcomes)) console.data(line);
    },
    end: (outcome) => {
      for (const { agent, code } of outcome.refusals) {
        const host = toXml(outcome.names.get(agent) ?? agent);
        console.data(`  <testsuite name="${host}" tests="1" failures="0" errors="1" skipped="0" time="0">`);
        console.data(
          `    <testcase classname="mig" name="answer"><error message="refused: ${toXml(code)}"/></testcase>`,
        );
        console.data('  </testsuite>');
      }
      console.data('</testsuites>');
      console.note(toCompletenessLine(outcome));
      console.note(toVerdictLine(outcome));
    },
  };
}
