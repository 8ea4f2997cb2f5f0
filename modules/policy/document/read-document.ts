/** The document of a question. Its parts are read more than once in a process, and unpacked once. */
import { type AnyDocument, parseDocument } from './document.ts';
import { type PackedDocument, unpackDocument } from './packed.ts';

interface Read extends PackedDocument {
  readonly parsed: AnyDocument;
}

/** A process has few documents at a time, and an agent should not keep a large one. */
const keptMs = 10_000;
let last: Read | undefined;

function keep(read: Read): void {
  last = read;
  setTimeout(() => {
    if (last === read) last = undefined;
  }, keptMs).unref();
}

/** @throws CodedError */
export function readDocument({ document, sha256 }: PackedDocument): AnyDocument {
  if (last?.sha256 === sha256 && last.document === document) return last.parsed;
  const read: Read = { document, sha256, parsed: parseDocument(unpackDocument({ document, sha256 })) };
  keep(read);
  return read.parsed;
}
