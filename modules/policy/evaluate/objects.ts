/** The searches of a document, each once, in a fixed order. */
import { type DisclosureClass, greaterDisclosure } from '../../../protocol/environment/disclosure.ts';
import type { InnerQuestion } from '../../kit/inner/inner-question.ts';
import { type Expression, type ObjectReference, objectOf, walkExpression } from '../document/expression.ts';
import type { PolicyDocument } from '../document/policy-document.ts';

function expressionsOf({ applies, tests }: PolicyDocument): { readonly of: string; readonly expression: Expression }[] {
  return [
    ...(applies === undefined ? [] : [{ of: 'applies', expression: applies }]),
    ...tests.flatMap(({ id, applies: required, check }) =>
      [required, check].flatMap((expression) => (expression === undefined ? [] : [{ of: `test ${id}`, expression }])),
    ),
  ];
}

/** How much of an answer its verdict tells, where evidence is not told. */
function verdictClass({ count }: Expression): DisclosureClass {
  return count === undefined ? 'yesno' : 'count';
}

interface Place {
  readonly place: number;
  question: InnerQuestion;
}

export class DocumentObjects {
  readonly #objects: PolicyDocument['objects'];
  /** By their JSON. */
  readonly #places = new Map<string, Place>();
  /** The JSON of objects by name: a large one may be used by each test. */
  readonly #keys = new Map<string, string>();

  /** @param answer the class of the policy's own answer. */
  constructor(document: PolicyDocument, answer: DisclosureClass) {
    this.#objects = document.objects;
    const evidence: DisclosureClass = answer === 'metadata' ? 'names' : 'yesno';
    for (const { of, expression } of expressionsOf(document))
      for (const one of walkExpression(expression)) {
        const reference = objectOf(one);
        if (reference !== undefined) this.#add(reference, of, greaterDisclosure(evidence, verdictClass(one)));
      }
  }

  #keyOf(reference: ObjectReference): string {
    if (typeof reference !== 'string') return JSON.stringify(reference);
    const known = this.#keys.get(reference);
    if (known !== undefined) return known;
    const key = JSON.stringify(this.#objects[reference]);
    this.#keys.set(reference, key);
    return key;
  }

  #add(reference: ObjectReference, of: string, answer: DisclosureClass): void {
    const key = this.#keyOf(reference);
    const known = this.#places.get(key);
    if (known !== undefined) {
      known.question = { ...known.question, answer: greaterDisclosure(known.question.answer, answer) };
      return;
    }
    const object = typeof reference === 'string' ? this.#objects[reference] : reference;
    const [[module, search] = ['', undefined]] = Object.entries(object ?? {});
    const label = typeof reference === 'string' ? `object ${reference}` : of;
    this.#places.set(key, { place: this.#places.size, question: { label, module, search, answer } });
  }

  get questions(): readonly InnerQuestion[] {
    return [...this.#places.values()].map(({ question }) => question);
  }

  placeOf(reference: ObjectReference): number | undefined {
    return this.#places.get(this.#keyOf(reference))?.place;
  }
}
