/** What a document asks, and how its tests are judged by the answers. */
import type { DisclosureClass } from '../../../protocol/environment/disclosure.ts';
import type { InnerAnswer, InnerQuestion } from '../../kit/inner/inner-question.ts';
import type { AnyDocument } from '../document/document.ts';
import type { PolicyElement } from '../element.ts';
import { ScribeEvaluator } from '../scribe/evaluate.ts';
import { ScribeObjects } from '../scribe/objects.ts';
import { Evaluator, type TestVerdict } from './evaluator.ts';
import { DocumentObjects } from './objects.ts';

export type Ask = (places: Iterable<number>) => Promise<ReadonlyMap<number, InnerAnswer>>;

export interface Plan {
  /** In a fixed order. */
  readonly questions: readonly InnerQuestion[];
  /** In the order of the tests. */
  readonly judge: (ask: Ask) => Promise<readonly PolicyElement[]>;
}

function toElement({ test, verdict, reason, found }: TestVerdict): PolicyElement {
  const { id, title, severity } = test;
  const results = [...new Set(found)].map((identifier) => ({ result: verdict === 'pass', identifier }));
  return {
    testid: id,
    verdict,
    ...(severity === undefined ? {} : { severity }),
    name: title,
    reason,
    ...(results.length === 0 ? {} : { results }),
  };
}

/** @param answer the class of the policy's own answer. */
export function toPlan({ kind, document }: AnyDocument, answer: DisclosureClass): Plan {
  if (kind === 'scribe') {
    const objects = new ScribeObjects(document, answer);
    return {
      questions: objects.questions,
      judge: async (ask) => {
        const evaluator = new ScribeEvaluator(document, objects, await ask(objects.questions.keys()));
        return document.tests.map((test) => evaluator.evaluate(test));
      },
    };
  }
  const objects = new DocumentObjects(document, answer);
  return {
    questions: objects.questions,
    judge: async (ask) => (await new Evaluator(document, objects, ask).evaluate()).map(toElement),
  };
}
