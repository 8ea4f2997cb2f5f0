/** Attempts everything that a module must not do, like an intruder's code in its process. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { constants } from 'node:os';
import * as z from 'zod';
import { type Attempt, module } from './module.ts';

/** `done`, or the code of the error. */
export type AttemptOutcome = string;

const Failure = z.object({ code: z.string() });
const CallLibrary = z.object({
  call: z.custom<(...values: readonly number[]) => number>((value) => value instanceof Function),
});

function codeOf(error: unknown): AttemptOutcome {
  const failure = Failure.safeParse(error);
  return failure.success ? failure.data.code : String(error);
}

function tryConnect(port: number): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('error', (error) => resolve(codeOf(error)));
    socket.once('connect', () => {
      socket.destroy();
      resolve('done');
    });
  });
}

function tryCall({ library, number, parameters }: Extract<Attempt, { kind: 'call' }>): AttemptOutcome {
  const loaded = { exports: {} };
  process.dlopen(loaded, library);
  const values = parameters.map((value) => (value === 'parent' ? process.ppid : value));
  const result = CallLibrary.parse(loaded.exports).call(number, ...values);
  if (result >= 0) return 'done';
  return Object.entries(constants.errno).find(([, errno]) => errno === -result)?.[0] ?? String(result);
}

async function carryOut(attempt: Attempt): Promise<AttemptOutcome> {
  switch (attempt.kind) {
    case 'read':
      readFileSync(attempt.path);
      return 'done';
    case 'open':
      closeSync(openSync(attempt.path, 'r'));
      return 'done';
    case 'write':
      writeFileSync(attempt.path, 'written by a module');
      return 'done';
    case 'change':
      closeSync(openSync(attempt.path, 'r+'));
      return 'done';
    case 'remove':
      unlinkSync(attempt.path);
      return 'done';
    case 'start': {
      const { error } = spawnSync(attempt.program);
      return error === undefined ? 'done' : codeOf(error);
    }
    case 'connect':
      return tryConnect(attempt.port);
    case 'kill':
      process.kill(attempt.pid, 0);
      return 'done';
    case 'call':
      return tryCall(attempt);
  }
}

export async function tryForbidden(attempt: Attempt): Promise<AttemptOutcome> {
  try {
    return await carryOut(attempt);
  } catch (error) {
    return codeOf(error);
  }
}

/** The outcome of the attempts, in their order. @param elements of the result. */
export function toOutcomes(elements: unknown): readonly AttemptOutcome[] {
  const found = module.elements.parse(elements).fault?.attempt ?? [];
  return found.map(({ outcome }) => outcome);
}
