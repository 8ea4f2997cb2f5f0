/** Parameters of a kernel command line, without its secrets. @see bootparam(7) */
import { redactArguments } from '../../../kit/secrets/redact.ts';

/** Values of a parameter, in their order; one without a value is empty. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** No kernel takes a longer one. */
const mostBytes = 64 * 1024;

/** Double quotes keep blanks. What follows `--` is for the first process. */
function splitWords(text: string): string[] {
  const words: readonly string[] = text.slice(0, mostBytes).match(/(?:[^\s"]|"[^"]*(?:"|$))+/g) ?? [];
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replaceAll('"', ''));
}

/** The kernel takes `-` and `_` for the same. */
export function toParameterName(name: string): string {
  return name.replaceAll('-', '_');
}

export function parseCommandLine(text: string): Parameters {
  const parameters = new Map<string, string[]>();
  for (const word of redactArguments(splitWords(text))) {
    const [, name = '', value = ''] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === '') continue;
    const values = parameters.get(toParameterName(name)) ?? [];
    values.push(value);
    parameters.set(toParameterName(name), values);
  }
  return parameters;
}
