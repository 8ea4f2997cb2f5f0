/** What a file of a language's packages tells of each. */
import type { LanguageType } from '../package-types.ts';

export interface FoundPackage {
  readonly type: LanguageType;
  readonly name: string;
  /** Null where the file does not say it. */
  readonly version: string | null;
  readonly arch?: string;
  /** Where in the file it is, for archives. */
  readonly inside?: string;
}

/** Bytes of which any part may be read: of a file, or of one within it. Fewer bytes at the end. */
export interface ByteSource {
  readonly sizeBytes: number;
  readonly readAt: (offsetBytes: number, lengthBytes: number) => Buffer;
}

/** Longer names and versions are no honest ones. */
const mostCharacters = 512;

/** A text that answers show: on one line, without anything that a terminal would take as a command. */
export function isPlain(text: string): boolean {
  return text !== '' && text.length <= mostCharacters && !/\p{Cc}/u.test(text);
}
