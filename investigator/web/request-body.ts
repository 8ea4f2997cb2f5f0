/** The body of a request of the page: bounded before it is read, one strict schema after. */
import type { IncomingMessage } from 'node:http';
import type * as z from 'zod';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';

type BodyCode = 'body-too-large' | 'body-malformed';

/** A pasted list of thousands of hashes fits. */
const maximumBodyBytes = 512 * 1024;
const bounds = { maxBytes: maximumBodyBytes, maxValues: 20_000, maxDepth: 12 };

/** @throws CodedError<BodyCode> */
export async function readBody<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maximumBodyBytes)
      throw new CodedError<BodyCode>('body-too-large', `expected at most ${maximumBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const value = parse(Buffer.concat(chunks));
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CodedError<BodyCode>(
    'body-malformed',
    `expected the form of this request, got ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function parse(bytes: Buffer): unknown {
  try {
    return parseJson(bytes, bounds);
  } catch (cause) {
    throw new CodedError<BodyCode>('body-malformed', 'expected JSON', { cause });
  }
}
