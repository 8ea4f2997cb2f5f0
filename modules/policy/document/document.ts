/** The documents that a question may have. */
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { ScribeDocument, toPlainScribe } from '../scribe/document.ts';
import { PolicyDocument } from './policy-document.ts';

type DocumentCode = 'document-malformed';

export type AnyDocument =
  | { readonly kind: 'policy'; readonly document: PolicyDocument }
  | { readonly kind: 'scribe'; readonly document: ScribeDocument };

const WithVersion = z.looseObject({ version: z.unknown() });

function toDocument<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CodedError<DocumentCode>('document-malformed', z.prettifyError(parsed.error), { cause: parsed.error });
}

/** Those without a version are of the original. @throws CodedError<DocumentCode> with each fault and its place */
export function parseDocument(value: unknown): AnyDocument {
  const hasVersion = WithVersion.safeParse(value).data?.version !== undefined;
  return hasVersion
    ? { kind: 'policy', document: toDocument(PolicyDocument, value) }
    : { kind: 'scribe', document: toDocument(ScribeDocument, toPlainScribe(value)) };
}
