/** How `mig` starts itself once more, for work that must not harm it. */
import { isSea } from 'node:sea';
import { findOwnExecutable } from '../../host/own-executable.ts';

/** The word on the command line of `mig` that nobody types: it opens one answer, see answers/separate-opening.ts. */
export const openingWord = 'open-answer';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** On Linux by the running image, even when the file has been replaced meanwhile. */
export function thisProgram(): Program {
  if (!isSea()) return { command: process.execPath, args: process.argv.slice(1, 2) };
  return { command: findOwnExecutable(), args: [] };
}
