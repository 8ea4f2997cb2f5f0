/** The document of a question. Its parts are read more than once in a process, and unpacked once. */
import * as z from 'zod';
import { CodedError } from '../../../protocol/base/coded-error.ts';
import { type PackedDocument, unpackDocument } from './packed.ts';
import { PolicyDocument } from './policy-document.ts';

type DocumentCode = 'document-malformed';

/** @throws CodedError<DocumentCode> with each fault and its place */
export function parseDocument(value: unknown): PolicyDocument {
  const parsed = PolicyDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CodedError<DocumentCode>('document-malformed', z.prettifyError(parsed.error), { cause: parsed.error });
}

interface Read extends PackedDocument {
  readonly parsed: PolicyDocument;
}

/** A process has few documents at a time, and an agent should not keep a large one. */
let last: WeakRef<Read> | undefined;

/** @throws CodedError */
export function readDocument({ document, sha256 }: PackedDocument): PolicyDocument {
  const known = last?.deref();
  if (known?.sha256 === sha256 && known.document === document) return known.parsed;
  const read: Read = { document, sha256, parsed: parseDocument(unpackDocument({ document, sha256 })) };
  last = new WeakRef(read);
  return read.parsed;
}
