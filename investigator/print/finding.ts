/** The findings of one result as lines, operation by operation, for all formats that show lines. */
import type { Module } from '../../modules/kit/module.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import type { Asked } from '../answers/outcome.ts';

export interface Finding {
  /** Of the operation, from 0. */
  readonly index: number;
  readonly module: string;
  /** Not escaped. */
  readonly line: string;
}

/** Nothing for operations that failed: whatever they left is not in the form of their module. */
export function* toFindings(
  result: ResultAnswer,
  asked: Asked,
  modules: ReadonlyMap<string, Module>,
): Generator<Finding> {
  for (const [index, operation] of result.operations.entries()) {
    const module = asked.operations[index]?.module ?? '';
    const face = modules.get(module);
    if (face === undefined)
      yield { index, module, line: 'answered a question of a module that this mig does not have' };
    else if (face.elements.safeParse(operation.elements).success)
      for (const line of face.toLines(operation)) yield { index, module, line };
  }
}
