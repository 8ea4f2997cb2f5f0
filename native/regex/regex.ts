/** Types of the addon's regular expressions. */
import type { Presence } from '../napi/presence.ts';

/** Whether the RE2 pattern matches anywhere in the bytes. */
export type CompiledPattern = (bytes: Uint8Array) => boolean;

export interface RegexFunctions {
  /** Whether the RE2 pattern matches anywhere in the text. @throws CodedError<NativeCode> bad-pattern */
  readonly re2Test: (pattern: string, caseInsensitive: boolean, text: string) => boolean;
  /** @throws CodedError<NativeCode> bad-pattern */
  readonly compilePattern: (pattern: string) => CompiledPattern;
  /** Why no file can be searched by line for the pattern; null when it can. */
  readonly refuseLinePattern: (pattern: string) => string | null;
  /** Why no short text can be compared with the pattern; null when it can. */
  readonly refusePattern: (pattern: string) => string | null;
}

export const regexPresence: Presence<RegexFunctions> = {
  re2Test: 'always',
  compilePattern: 'always',
  refuseLinePattern: 'always',
  refusePattern: 'always',
};
