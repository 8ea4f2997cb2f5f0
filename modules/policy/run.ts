/** Judges the tests of a document. It reads nothing itself: other modules answer its searches. */
import type { ModuleRun } from '../kit/work.ts';
import { readDocument } from './document/read-document.ts';
import { Evaluator, type TestVerdict } from './evaluate/evaluator.ts';
import { DocumentObjects } from './evaluate/objects.ts';
import { module, type PolicyElement, type PolicyParameters } from './module.ts';

/** Why searches failed, and what is there, is for nobody who may only know of verdicts. */
function toElement({ test, verdict, reason, found }: TestVerdict): PolicyElement {
  const { id, title, severity } = test;
  return {
    testid: id,
    verdict,
    ...(severity === undefined ? {} : { severity }),
    name: title,
    reason,
    ...(found.length === 0
      ? {}
      : { results: [...new Set(found)].map((identifier) => ({ result: verdict === 'pass', identifier })) }),
  };
}

const listedByDefault: readonly string[] = ['fail', 'unknown'];

export const run: ModuleRun<PolicyParameters, PolicyElement> = async (parameters, { findings, gate, inner }) => {
  const answer = module.disclosureClass(parameters);
  let first = 0;
  for (const [label, search] of Object.entries(parameters.searches)) {
    const document = readDocument(search);
    const objects = new DocumentObjects(document, answer);
    const offset = first;
    first += objects.questions.length;
    const ask = async (places: Iterable<number>) => {
      const answers = await inner.ask([...places].map((place) => place + offset));
      return new Map([...answers].map(([place, one]) => [place - offset, one]));
    };
    const listed = search.options.verdicts ?? listedByDefault;
    for (const judged of await new Evaluator(document, objects, ask).evaluate()) {
      findings.examine('tests', 1);
      if (findings.tellsCounts) {
        findings.count('tests', 1);
        findings.count(judged.verdict, 1);
      }
      if (judged.verdict === 'unknown') findings.skip('undecided');
      // Also when the result is full, the rest is counted.
      if (listed.includes(judged.verdict)) findings.hit(gate.permitPathless(), toElement(judged), label);
    }
  }
};
