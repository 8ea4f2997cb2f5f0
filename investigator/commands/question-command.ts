/** A command to ask a question, whether its question came from flags, a file or prompts. */

import type { ActionTemplate } from '../ask/new-action.ts';
import type { QuestionOptions } from '../cli/common-flags.ts';

/** A checked question and the options of asking. */
export interface QuestionCommand {
  readonly template: ActionTemplate;
  readonly target: string;
  readonly options: QuestionOptions;
}
