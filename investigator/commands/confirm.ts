/** A yes or no from the person at the terminal; nobody else can give it. */
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { CommandContext } from './context.ts';

type ConfirmCode = 'not-confirmed';

/** @throws CodedError<ConfirmCode> on anything but yes, and where there is no terminal. */
export async function confirm(question: string, { console }: CommandContext): Promise<void> {
  if (!console.interactive || process.stdin.isTTY !== true)
    throw new CodedError<ConfirmCode>('not-confirmed', `expected an answer to: ${question}`, {
      hint: 'run this on a terminal, or add -y once you have read what is asked',
    });
  const { askYes } = await import('../terminal/prompt.ts');
  if (!(await askYes(question)))
    throw new CodedError<ConfirmCode>('not-confirmed', 'expected yes, got no; nothing was signed');
}
