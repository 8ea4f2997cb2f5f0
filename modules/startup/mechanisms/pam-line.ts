/** Lines of PAM's stacks. @see pam.d(5) */
import { toLogicalLines } from './logical-lines.ts';

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

/** Brackets hold together what has blanks: `[success=1 default=ignore]`, `[query=a b]`. */
function toWords(text: string): string[] {
  const words = text.match(/\[(?:[^\]\\]|\\.){0,1024}\]|\S+/g) ?? [];
  return words.map((word) =>
    word.startsWith('[') && word.endsWith(']') ? word.slice(1, -1).replaceAll('\\]', ']') : word,
  );
}

/** @param isWhole whether the file is pam.conf. */
export function* parsePam(text: string, isWhole = false): Generator<PamModule> {
  for (const { line, text: entry } of toLogicalLines(text)) {
    const all = toWords(entry);
    const service = isWhole ? all.shift() : undefined;
    const [type = '', control = '', module, ...words] = all;
    if (!types.test(type) || isInclude.test(control) || module === undefined || module.startsWith('#')) continue;
    const comment = words.findIndex((word) => word.startsWith('#'));
    yield {
      line,
      ...(service === undefined ? {} : { service }),
      module,
      words: comment === -1 ? words : words.slice(0, comment),
    };
  }
}

const execOptions = /^(?:debug|expose_authtok|seteuid|quiet|quiet_log|stdout|log=.*|type=.*)$/;

/** The command of pam_exec(8), or the script of a module that runs one; undefined for others. */
export function toPamCommand(module: string, words: readonly string[]): string | undefined {
  if (!/(?:^|\/)pam_(?:exec|python|script|perl|lua)\.so$/.test(module)) return undefined;
  const start = words.findIndex((word) => !execOptions.test(word));
  return start === -1 ? undefined : words.slice(start).join(' ');
}
