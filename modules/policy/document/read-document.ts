/** The document of a question. Its parts are read more than once in a process, and unpacked once. */
import { type AnyDocument, parseDocument } from './document.ts';
import { type PackedDocument, unpackDocument } from './packed.ts';

interface Read extends PackedDocument {
  readonly parsed: AnyDocument;
}

/** A process has few documents at a time, and an agent should not keep a large one. */
let last: WeakRef<Read> | undefined;

/** @throws CodedError */
export function readDocument({ document, sha256 }: PackedDocument): AnyDocument {
  const known = last?.deref();
  if (known?.sha256 === sha256 && known.document === document) return known.parsed;
  const read: Read = { document, sha256, parsed: parseDocument(unpackDocument({ document, sha256 })) };
  last = new WeakRef(read);
  return read.parsed;
}
