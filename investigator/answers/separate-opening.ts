/** Opens a large answer in a process with memory of its own: what is made to exhaust memory or time ends that process alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Action } from '../../protocol/action/action.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { AgentId } from '../../protocol/base/identifiers.ts';
import { maximumAgentMessageBytes } from '../../protocol/base/limits.ts';
import type { Result } from '../../protocol/result/result.ts';
import { openingWord, type Program, thisProgram } from '../cli/this-program.ts';

/** The largest honest answer takes a few seconds; a machine may be busy. */
const maximumMs = 60_000;

type OpeningCode = 'too-costly';

/** The process's standard input. */
export interface OpeningOrder {
  readonly action: Action;
  readonly digest: string;
  /** Private half of the action's reply key, base64. */
  readonly replykey: string;
  readonly agent: AgentId;
  /** Base64. */
  readonly sealed: string;
}

/** The process's standard output. */
export const OpeningOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('opened'), result: z.custom<Result>() }),
  z.strictObject({ kind: z.literal('refused'), code: z.string().max(64) }),
]);
export type OpeningOutcome = z.infer<typeof OpeningOutcome>;

function start({ command, args }: Program): ChildProcess {
  const { PATH = '', TMPDIR } = process.env;
  const env = { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
  const child = spawn(command, [...args, openingWord], { stdio: ['pipe', 'pipe', 'ignore'], env });
  // Its end is seen by what it said.
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  return child;
}

async function readOutcome(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maximumAgentMessageBytes) return Buffer.alloc(0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined when the process was ended before it had said all. */
function toOutcome(output: Buffer): OpeningOutcome | undefined {
  try {
    return OpeningOutcome.parse(JSON.parse(output.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** @throws CodedError<OpeningCode>, or of the codes of answer.ts and sealed.ts, as the process named them */
export async function openSeparately(
  order: OpeningOrder,
  signal: AbortSignal,
  program: Program = thisProgram(),
): Promise<Result> {
  signal.throwIfAborted();
  const child = start(program);
  const end = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(end, maximumMs);
  signal.addEventListener('abort', end, { once: true });
  let output: Buffer;
  try {
    child.stdin?.end(JSON.stringify(order));
    output = await readOutcome(child.stdout as Readable);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    end();
  }
  signal.throwIfAborted();
  const outcome = toOutcome(output);
  if (outcome === undefined)
    throw new CodedError<OpeningCode>('too-costly', 'expected an answer that opens in bounded memory and time');
  if (outcome.kind === 'refused') throw new CodedError(outcome.code, 'expected an answer that opens');
  return outcome.result;
}
