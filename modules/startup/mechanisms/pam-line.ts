/** Lines of PAM's stacks. @see pam.d(5) */
import { parsePamFile } from '../../kit/pam/pam-file.ts';

interface PamModule {
  readonly line: number;
  /** Only in pam.conf, where a file has all services. */
  readonly service?: string;
  /** A name in the folders of modules, or an absolute path. */
  readonly module: string;
  readonly words: readonly string[];
}

/** Other lines include another file, whose modules are told for it. */
const isInclude = /^(?:include|substack)$/;
const types = /^-?(?:auth|account|password|session)$/i;

/** An argument in brackets may have blanks: `[query=a b]`. */
function toArgument(word: string): string {
  return word.startsWith('[') && word.endsWith(']') ? word.slice(1, -1).replaceAll('\\]', ']') : word;
}

/** @param isWhole whether the file is pam.conf. */
export function* parsePam(text: string, isWhole = false): Generator<PamModule> {
  for (const { line, words: all } of parsePamFile(text)) {
    const service = isWhole ? all[0] : undefined;
    const [type = '', control = '', module, ...words] = isWhole ? all.slice(1) : all;
    if (!types.test(type) || isInclude.test(control) || module === undefined) continue;
    yield { line, ...(service === undefined ? {} : { service }), module, words: words.map(toArgument) };
  }
}

const execOptions = /^(?:debug|expose_authtok|seteuid|quiet|quiet_log|stdout|log=.*|type=.*)$/;

/** The command of pam_exec(8), or the script of a module that runs one; undefined for others. */
export function toPamCommand(module: string, words: readonly string[]): string | undefined {
  if (!/(?:^|\/)pam_(?:exec|python|script|perl|lua)\.so$/.test(module)) return undefined;
  const start = words.findIndex((word) => !execOptions.test(word));
  return start === -1 ? undefined : words.slice(start).join(' ');
}
