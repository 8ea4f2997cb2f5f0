/** The findings of one result, operation by operation, as lines and as cells. */
import type { Cell } from '../../modules/kit/column.ts';
import type { Module } from '../../modules/kit/module.ts';
import type { ResultAnswer } from '../answers/answer.ts';
import type { AskedQuestion } from '../answers/outcome.ts';

export interface Finding {
  /** Index of the operation, from 0. */
  readonly index: number;
  readonly module: string;
  /** Not escaped. */
  readonly line: string;
  /** Place of the search; undefined for hits that were counted and not listed. */
  readonly place?: readonly string[];
  /** By column of the module; not escaped. */
  readonly cells?: Readonly<Record<string, Cell>>;
}

/** Nothing for operations that failed and left nothing in the form of their module. */
export function* toFindings(
  result: ResultAnswer,
  asked: AskedQuestion,
  modules: ReadonlyMap<string, Module>,
): Generator<Finding> {
  for (const [index, operation] of result.operations.entries()) {
    const module = asked.operations[index]?.module ?? '';
    const face = modules.get(module);
    if (face === undefined) {
      yield { index, module, line: 'answered a question of a module that this mig does not have' };
      continue;
    }
    if (operation.elements === null) continue;
    let rows = 0;
    for (const row of face.toRows(operation)) {
      yield { index, module, ...row };
      rows += 1;
    }
    if (rows === 0) for (const line of face.toLines(operation)) yield { index, module, line };
  }
}
