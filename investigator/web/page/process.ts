/** Requests to the `mig` process that serves this page. The token is of this tab alone, and goes into no cookie. */
import { signal } from '@preact/signals';
import type { Problem } from '../messages.ts';

const tokenName = 'mig-token';

export class ProcessError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor({ code, message, hint }: Problem) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Null before the page is let in, and after everybody was put out. */
export const token = signal(sessionStorage.getItem(tokenName));

export function keepToken(given: string): void {
  sessionStorage.setItem(tokenName, given);
  token.value = given;
}

function forgetToken(): void {
  sessionStorage.removeItem(tokenName);
  token.value = null;
}

async function send(path: string, body: unknown, until?: AbortSignal): Promise<Response> {
  const held = token.peek();
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(held === null ? {} : { authorization: `Bearer ${held}` }),
    },
    body: JSON.stringify(body),
    credentials: 'omit',
    ...(until === undefined ? {} : { signal: until }),
  }).catch((error: unknown) => {
    if (until?.aborted === true) throw error;
    throw new ProcessError({
      code: 'gone',
      message: 'mig web has ended in the terminal',
      hint: 'start it again there',
    });
  });
  if (response.ok) return response;
  const problem: Problem = await response.json();
  if (problem.code === 'no-session') forgetToken();
  throw new ProcessError(problem);
}

/** @throws ProcessError */
export async function ask<T>(path: string, body: unknown, until?: AbortSignal): Promise<T> {
  return (await send(path, body, until)).json();
}

/** Lines of JSON as they come. @throws ProcessError */
export async function* listen<T>(path: string, body: unknown, until: AbortSignal): AsyncGenerator<T> {
  const response = await send(path, body, until);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const read = await reader?.read();
    if (read === undefined || read.done) return;
    const lines = (rest + read.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}
