import { quote, readValue, type Word } from './word.ts';

/** The values of a flag, as the body of a case. */
function toValueCase({ name, flags }: Word): string[] {
  return flags.flatMap((flag) => {
    const value = readValue(flag);
    const pattern = `${name}:-${flag.name}|${name}:--${flag.name}`;
    if (value.kind === 'none') return [];
    if (value.kind === 'open') return [`    ${pattern}) return ;;`];
    const words = value.kind === 'file' ? '-f' : `-W ${quote(value.choices.join(' '))}`;
    return [`    ${pattern}) COMPREPLY=($(compgen ${words} -- "$word")); return ;;`];
  });
}

function toWordCase({ name, flags, choices, takesFiles, choiceOrFile }: Word): string {
  const given = [`flags=${quote(flags.map((flag) => `-${flag.name}`).join(' '))}`];
  if (choices.length > 0) given.push(`[ "$COMP_CWORD" -eq 2 ] && words=${quote(choices.join(' '))}`);
  if (choiceOrFile) given.push('files=also');
  else if (takesFiles) given.push('files=yes');
  return `    ${name}) ${given.join('; ')} ;;`;
}

export function toBash(words: readonly Word[]): string {
  return `# mig completion for bash: source <(mig completion bash)
_mig() {
  local word=\${COMP_WORDS[COMP_CWORD]} flags= words= files=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quote(words.map(({ name }) => name).join(' '))} -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]}:\${COMP_WORDS[COMP_CWORD - 1]} in
${words.flatMap(toValueCase).join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${words.map(toWordCase).join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *)
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      [ "$files" != also ] || COMPREPLY+=($(compgen -f -- "$word"))
      [ -n "$words$COMPREPLY" ] || [ -z "$files" ] || COMPREPLY=($(compgen -f -- "$word"))
      ;;
  esac
}
complete -o filenames -F _mig mig`;
}
