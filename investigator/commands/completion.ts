/** `mig completion SHELL`: a script with which the shell completes commands and flags; written from the flag tables. */
import type { Flag } from '../../modules/contract.ts';
import { questionFlags } from '../command-line/common-flags.ts';
import { usageError } from '../command-line/flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { CommandContext } from './context.ts';
import type { Command } from './table.ts';

export const completionFlags: readonly Flag[] = [];

interface Word {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
}

/** Values that a flag is sure to take. */
function choicesOf(flag: Flag): readonly string[] {
  if (flag.name === 't') return ['all', 'online', 'local'];
  return flag.value !== undefined && /^[a-z]+(?:\|[a-z]+)+$/.test(flag.value) ? flag.value.split('|') : [];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function toBash(words: readonly Word[]): string {
  const cases = words.map(
    ({ name, flags }) => `    ${name}) flags=${quote(flags.map((flag) => `-${flag.name}`).join(' '))} ;;`,
  );
  const values = new Map<string, string>();
  for (const flag of words.flatMap((word) => word.flags))
    if (choicesOf(flag).length > 0) values.set(flag.name, choicesOf(flag).join(' '));
  const valueCases = [...values].map(
    ([name, choices]) => `    -${name}|--${name}) COMPREPLY=($(compgen -W ${quote(choices)} -- "$word")); return ;;`,
  );
  return `# mig completion for bash: source <(mig completion bash)
_mig() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote(words.map(({ name }) => name).join(' '))} -- "$word"))
    return
  fi
  case \${COMP_WORDS[COMP_CWORD - 1]} in
${valueCases.join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _mig mig`;
}

/** Zsh's `_arguments` and `_describe` end a name at a colon and a description at a bracket. */
function zshText(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, '\\$&');
}

function toZsh(words: readonly Word[]): string {
  const described = words.map(({ name, summary }) => `    ${quote(`${name}:${zshText(summary)}`)}`);
  const toArgument = (flag: Flag): string => {
    const repeat = flag.repeatable === true ? '*' : '';
    const choices = choicesOf(flag);
    const action = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
    const value = flag.kind === 'boolean' ? '' : `:${zshText(flag.value ?? flag.kind)}:${action}`;
    return quote(`${repeat}-${flag.name}[${zshText(flag.help)}]${value}`);
  };
  const cases = words.map(
    ({ name, flags }) => `    ${name}) _arguments ${[...flags.map(toArgument), "'*:file:_files'"].join(' ')} ;;`,
  );
  return `#compdef mig
# mig completion for zsh: mig completion zsh > "\${fpath[1]}/_mig"
_mig() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _mig mig`;
}

function toFish(words: readonly Word[]): string {
  const lines = words.flatMap(({ name, summary, flags }) => [
    `complete -c mig -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...flags.map((flag) => {
      const choices = choicesOf(flag);
      const given = choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : flag.kind === 'boolean' ? '' : ' -r';
      return `complete -c mig -n ${quote(`__fish_seen_subcommand_from ${name}`)} -o ${flag.name}${given} -d ${quote(flag.help)}`;
    }),
  ]);
  return ['# mig completion for fish: mig completion fish > ~/.config/fish/completions/mig.fish', ...lines].join('\n');
}

const shells: ReadonlyMap<string, (words: readonly Word[]) => string> = new Map([
  ['bash', toBash],
  ['zsh', toZsh],
  ['fish', toFish],
]);

async function listWords(commands: ReadonlyMap<string, Command>, context: CommandContext): Promise<Word[]> {
  const words: Word[] = [];
  for (const { spec, cli } of context.modules.values())
    words.push({ name: spec.name, summary: spec.summary, flags: [...cli.flags, ...questionFlags] });
  for (const [name, command] of commands)
    words.push({ name, summary: command.summary, flags: (await command.load()).flags });
  return words;
}

export async function completion(
  commands: ReadonlyMap<string, Command>,
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const write = shells.get(argv[0] ?? '');
  if (write === undefined || argv.length > 1)
    throw usageError(`expected one of ${[...shells.keys()].join(', ')}, got ${JSON.stringify(argv.join(' '))}`);
  context.console.data(write(await listWords(commands, context)));
  return exitCodes.found;
}
