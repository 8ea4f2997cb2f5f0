/** A question that is ready to be asked, however it was put together. */

import type { ActionTemplate } from '../answers/new-action.ts';
import type { QuestionOptions } from '../cli/common-flags.ts';

/** What is asked, and of whom; the file or the flags have been checked. */
export interface QuestionCommand {
  readonly template: ActionTemplate;
  readonly target: string;
  readonly options: QuestionOptions;
}
