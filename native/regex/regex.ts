/** Types of the addon's regular expressions. */
import type { Presence } from '../napi/presence.ts';

/** Whether the RE2 pattern matches anywhere in the bytes. */
export type CompiledPattern = (bytes: Uint8Array) => boolean;

/** What the groups capture in each line that matches, in order; one more than `most` when there are more. */
type CapturePattern = (bytes: Uint8Array, most: number) => readonly string[];

export interface RegexFunctions {
  /** Whether the RE2 pattern matches anywhere in the text. @throws CodedError<NativeCode> bad-pattern */
  readonly re2Test: (pattern: string, caseInsensitive: boolean, text: string) => boolean;
  /** @throws CodedError<NativeCode> bad-pattern */
  readonly compilePattern: (pattern: string) => CompiledPattern;
  /** @throws CodedError<NativeCode> bad-pattern */
  readonly compileCaptures: (pattern: string) => CapturePattern;
  /** Why no file can be searched by line for the pattern; null when it can. */
  readonly refuseLinePattern: (pattern: string) => string | null;
  /** Why no short text can be compared with the pattern; null when it can. */
  readonly refusePattern: (pattern: string) => string | null;
}

export const regexPresence: Presence<RegexFunctions> = {
  re2Test: 'always',
  compilePattern: 'always',
  compileCaptures: 'always',
  refuseLinePattern: 'always',
  refusePattern: 'always',
};
