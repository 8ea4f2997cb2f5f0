/** Questions to the person at the terminal, on stderr, so that stdout stays for data. */
import { confirm, input, password, select } from '@inquirer/prompts';
import { CodedError } from '../../protocol/base/coded-error.ts';

type PromptCode = 'no-terminal' | 'interrupted';

type Context = NonNullable<Parameters<typeof input>[1]>;

/** @param what for the message when nobody can answer. */
async function ask<T>(what: string, prompt: (context: Context) => Promise<T>): Promise<T> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
    throw new CodedError<PromptCode>('no-terminal', `expected a terminal to ask on: ${what}`);
  // Node's readline stops reading behind ctrl+z; what is to come would then never come.
  const goOn = (): void => {
    setImmediate(() => process.stdin.resume());
  };
  process.on('SIGCONT', goOn);
  try {
    return await prompt({ input: process.stdin, output: process.stderr });
  } catch (cause) {
    // Raw mode kept ctrl+c from becoming a signal.
    if (cause instanceof Error && cause.name === 'ExitPromptError')
      throw new CodedError<PromptCode>('interrupted', 'interrupted, nothing was done', { cause });
    throw cause;
  } finally {
    process.off('SIGCONT', goOn);
  }
}

/** @param validate true, or what is wrong. @throws CodedError<PromptCode> */
export function askText(
  message: string,
  options: { readonly default?: string; readonly validate?: (text: string) => true | string } = {},
): Promise<string> {
  return ask(message, (context) => input({ message, ...options }, context));
}

export interface Choice<Value> {
  readonly value: Value;
  readonly name: string;
  readonly description?: string;
}

/** @throws CodedError<PromptCode> */
export function choose<Value>(message: string, choices: readonly Choice<Value>[]): Promise<Value> {
  return ask(message, (context) => select({ message, choices, loop: false, pageSize: 12 }, context));
}

/** No unless the person says yes. @throws CodedError<PromptCode> */
export function askYes(message: string): Promise<boolean> {
  return ask(message, (context) => confirm({ message, default: false }, context));
}

/** Nothing is shown while it is typed. @throws CodedError<PromptCode> */
export function askSecret(message: string): Promise<string> {
  return ask(message, (context) => password({ message }, context));
}
