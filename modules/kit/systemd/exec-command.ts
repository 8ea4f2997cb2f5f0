/** The commands of a line such as ExecStart=. @see systemd.service(5), Command Lines */
import { splitUnitWords } from './unit-words.ts';

export interface ExecCommand {
  /** As it is written, without what stands in front of the program. In Latin-1. */
  readonly text: string;
  /** A path, or a name that is looked for in the usual folders. */
  readonly program: string;
}

/** What may stand in front of the program. */
const prefix = /^[-@+!:|]+/;

/** Commands between semicolons that stand alone. Empty for a line that has none. */
export function parseExecCommands(value: string): ExecCommand[] {
  return value.split(/\s;(?=\s|$)/).flatMap((part) => {
    const text = part.trim().replace(prefix, '');
    const [program = ''] = splitUnitWords(text);
    return program === '' ? [] : [{ text, program }];
  });
}
