/** A command to ask a question, whether its question came from flags, a file or prompts. */

import type { OperationResult } from '../../protocol/result/result.ts';
import type { ActionTemplate } from '../ask/new-action.ts';
import type { QuestionOptions } from '../cli/common-flags.ts';
import type { ExitCode } from '../cli/exit-codes.ts';

/** A checked question and the options of asking. */
export interface QuestionCommand {
  readonly template: ActionTemplate;
  readonly target: string;
  readonly options: QuestionOptions;
  /** Of an answer of this machine; unless given, whether it found something. */
  readonly toExitCode?: (results: readonly OperationResult[]) => ExitCode;
}
