/** Judges the tests of a document. It looks for nothing itself: other modules answer its searches. */
import type { ModuleRun } from '../kit/work.ts';
import { readDocument } from './document/read-document.ts';
import type { PolicyElement } from './element.ts';
import { type Ask, toPlan } from './evaluate/plan.ts';
import { module, type PolicyParameters } from './module.ts';

type Options = PolicyParameters['searches'][string]['options'];

const listedByDefault: readonly string[] = ['fail', 'unknown'];

function isListed({ verdict, masterresult, iserror }: PolicyElement, { onlytrue, verdicts }: Options): boolean {
  if (onlytrue) return masterresult === true || iserror === true || verdict === 'unknown';
  return (verdicts ?? listedByDefault).includes(verdict);
}

export const run: ModuleRun<PolicyParameters, PolicyElement> = async (parameters, { findings, gate, inner }) => {
  const answer = module.disclosureClass(parameters);
  let first = 0;
  for (const [label, search] of Object.entries(parameters.searches)) {
    const { questions, judge } = toPlan(readDocument(search), answer);
    const offset = first;
    first += questions.length;
    const ask: Ask = async (places) => {
      const answers = await inner.ask([...places].map((place) => place + offset));
      return new Map([...answers].map(([place, one]) => [place - offset, one]));
    };
    for (const element of await judge(ask)) {
      findings.examine('tests', 1);
      if (findings.tellsCounts) {
        findings.count('tests', 1);
        findings.count(element.verdict, 1);
      }
      if (element.verdict === 'unknown') findings.skip('undecided');
      // Also when the result is full, the rest is counted.
      if (isListed(element, search.options)) findings.hit(gate.permitPathless(), element, label);
    }
  }
};
