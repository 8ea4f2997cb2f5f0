/** A question that is ready to be asked, however it was put together. */
import type { QuestionOptions } from '../command-line/common-flags.ts';
import type { ActionTemplate } from '../investigation/new-action.ts';

/** What is asked, and of whom; the file or the flags have been checked. */
export interface Asking {
  readonly template: ActionTemplate;
  readonly target: string;
  readonly options: QuestionOptions;
}
