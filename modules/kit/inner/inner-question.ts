/** Questions that a module asks other modules within its own operation: the tests of a policy are searches of others. */
import type { DisclosureClass } from '../../../protocol/environment/disclosure.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Cell } from '../column.ts';
import type { Unread, WholeFile } from '../files/host-file.ts';

/** Judged by agents as if it stood in the action as an operation of its own. */
export interface InnerQuestion {
  /** For messages: `object sshd`. */
  readonly label: string;
  readonly module: string;
  /** One search of that module, or all its parameters where it has no searches. */
  readonly search: unknown;
  /** The most of its answer that may leave the host. */
  readonly answer: DisclosureClass;
}

/** Why more might have been found; `inapplicable`: the host has nothing that the question is about. */
export type Doubt = SkipReason | 'time' | 'memory' | 'cancelled' | 'result-size' | 'inapplicable';

/** An element that was found, for use on the host. */
export interface InnerElement {
  /** By column. */
  readonly toCells: () => Readonly<Record<string, Cell>>;
  /** As `orderOf` of its module. */
  readonly order: (column: string, text: string) => number | undefined;
  /** Its printed line with names only. */
  readonly toLine: () => string;
}

export interface InnerAnswer {
  readonly elements: readonly InnerElement[];
  readonly doubts: ReadonlySet<Doubt>;
  /** Null unless the question failed. */
  readonly failure: string | null;
  /** Reads a file under the rules for that module. @param questions that a protected file takes of the budget. */
  readonly read: (path: string, mostBytes: number, questions: number) => WholeFile | Unread;
}

export interface InnerQuestions {
  /**
   * @param places of questions, in the order in which the declaration's `asks` gives them.
   * @returns answers by place; each source is read once for all of them.
   */
  readonly ask: (places: Iterable<number>) => Promise<ReadonlyMap<number, InnerAnswer>>;
}

/** Of modules that ask no others. */
export const noInnerQuestions: InnerQuestions = { ask: () => Promise.resolve(new Map()) };
