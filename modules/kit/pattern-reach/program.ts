/** A parsed pattern as steps, of which each takes a character, asserts something or goes on: a Thompson automaton. */
import { type CharacterSet, everything } from './character-set.ts';
import { type Assertion, type Node, NotUnderstood, parsePattern } from './parse.ts';

type Step =
  | { readonly kind: 'take'; readonly set: CharacterSet; readonly next: number }
  | { readonly kind: 'assert'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'match' };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** Steps that were looked at so far. */
  readonly effort: { spent: number };
}

/** Of patterns that RE2 takes, most have fewer. */
const mostSteps = 20_000;

class ProgramWriter {
  readonly steps: Step[] = [{ kind: 'match' }];

  add(step: Step): number {
    if (this.steps.length >= mostSteps) throw new NotUnderstood();
    return this.steps.push(step) - 1;
  }

  /** A part that may be repeated, or passed over. */
  loop(write: (again: number) => number, next: number): number {
    const again = this.add({ kind: 'split', next: [next] });
    this.steps[again] = { kind: 'split', next: [write(again), next] };
    return again;
  }

  /** @returns where the node begins. */
  write(node: Node, next: number): number {
    switch (node.kind) {
      case 'take':
        return this.add({ kind: 'take', set: node.set, next });
      case 'assert':
        return this.add({ kind: 'assert', what: node.what, next });
      case 'all':
        return node.parts.reduceRight((after, part) => this.write(part, after), next);
      case 'any':
        return this.add({ kind: 'split', next: node.parts.map((part) => this.write(part, next)) });
      case 'repeat': {
        const { part, least, most } = node;
        let after = next;
        if (most === null) after = this.loop((again) => this.write(part, again), next);
        else
          for (let times = least; times < most; times += 1)
            after = this.add({ kind: 'split', next: [this.write(part, after), next] });
        for (let times = 0; times < least; times += 1) after = this.write(part, after);
        return after;
      }
    }
  }
}

/** Finds the pattern anywhere in a text. @throws NotUnderstood */
export function toProgram(pattern: string): Program {
  const writer = new ProgramWriter();
  const body = writer.write(parsePattern(pattern), 0);
  const start = writer.loop((again) => writer.add({ kind: 'take', set: everything, next: again }), body);
  const { steps } = writer;
  return { steps, start, effort: { spent: 0 } };
}
