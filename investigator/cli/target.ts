/** The target as it was typed: checked before anything is sent, with a caret below what is wrong. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { TargetError } from '../../protocol/target/target-error.ts';

const contextCharacters = 60;

/** Whether it begins with `found:ID` or `notfound:ID`: the agents by what they found earlier. */
export function namesEarlierAnswers(target: string): boolean {
  return /^(?:not)?found:/.test(target);
}

function drawCaret(text: string, offset: number): string {
  const start = Math.max(0, offset - contextCharacters);
  const before = escapeText(text.slice(start, offset));
  return `${before}${escapeText(text.slice(offset, offset + contextCharacters))}\n${' '.repeat(before.length)}^`;
}

/** @throws CodedError target-malformed */
export function assertTarget(text: string): void {
  try {
    parseTarget(text);
  } catch (cause) {
    if (!(cause instanceof TargetError)) throw cause;
    throw new CodedError(cause.code, `in the target: ${cause.message}\n${drawCaret(text, cause.offset)}`, {
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      cause,
    });
  }
}
