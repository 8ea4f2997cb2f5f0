import type { Flag } from '../../../modules/kit/flag.ts';
import { quote, readValue, type Word } from './word.ts';

/** `_arguments` and `_describe` end a name at a colon and a description at a bracket. */
function escapeSpec(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, '\\$&');
}

function toAction(flag: Flag): string {
  const value = readValue(flag);
  switch (value.kind) {
    case 'none':
      return '';
    case 'file':
      return `:${flag.value ?? 'file'}:_files`;
    case 'choice':
      return `:${escapeSpec(flag.value ?? 'value')}:(${value.choices.map(escapeSpec).join(' ')})`;
    case 'open':
      return `:${escapeSpec(flag.value ?? 'value')}: `;
  }
}

function toArgument(flag: Flag): string {
  const repeat = flag.repeatable === true ? '*' : '';
  return quote(`${repeat}-${flag.name}[${escapeSpec(flag.help)}]${toAction(flag)}`);
}

function toFirst({ choices, choiceOrFile }: Word): string {
  return choiceOrFile ? `{ compadd -- ${choices.join(' ')}; _files }` : `(${choices.join(' ')})`;
}

function toCase(word: Word): string {
  const { name, flags, choices, takesFiles } = word;
  const first = choices.length > 0 ? [quote(`1:what:${toFirst(word)}`)] : [];
  const files = takesFiles ? ["'*:file:_files'"] : [];
  return `    ${name}) _arguments ${[...flags.map(toArgument), ...first, ...files].join(' ')} ;;`;
}

export function toZsh(words: readonly Word[]): string {
  const described = words.map(({ name, summary }) => `    ${quote(`${name}:${escapeSpec(summary)}`)}`);
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
${words.map(toCase).join('\n')}
  esac
}
# Zsh runs a file of its function path when the first completion is due; elsewhere this one is sourced.
if [[ $funcstack[1] == _mig ]]; then _mig "$@"; else compdef _mig mig; fi`;
}
