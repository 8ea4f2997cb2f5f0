/** The one error of the target language; separate because lexer, parser and the checks of literals all throw it. */
import { CodedError } from '../base/coded-error.ts';

/** A target that is outside the language or over a limit; the command line draws a caret below `offset`. */
export class TargetError extends CodedError<'target-malformed'> {
  /** Where in the target's text, in UTF-16 code units from 0; the text's length when something is missing at its end. */
  readonly offset: number;

  constructor(offset: number, message: string, hint?: string) {
    super('target-malformed', message, hint === undefined ? {} : { hint });
    this.name = 'TargetError';
    this.offset = offset;
  }
}

/** A piece of somebody's text as it may stand in a message: quoted, escaped and short. */
export function quoteShort(text: string): string {
  const points = [...text.slice(0, 100)];
  const short = points.length > 40 ? `${points.slice(0, 40).join('')}…` : text;
  // JSON leaves direction marks, C1 controls and their like as they are, and terminals obey them.
  return JSON.stringify(short).replaceAll(
    /\p{C}|\p{Zl}|\p{Zp}/gu,
    (point) => `\\u{${point.codePointAt(0)?.toString(16)}}`,
  );
}
