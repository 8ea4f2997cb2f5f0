/** Why a rule has no search that means exactly the same. */
import { CodedError } from '../../../protocol/base/coded-error.ts';

export class Untranslated extends CodedError<'untranslated'> {
  constructor(why: string) {
    super('untranslated', why);
  }
}
