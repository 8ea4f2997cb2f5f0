import type { Flag } from '../../../modules/kit/flag.ts';
import { quote, readValue, type Word } from './word.ts';

function toValue(flag: Flag): string {
  const value = readValue(flag);
  switch (value.kind) {
    case 'none':
      return '';
    case 'file':
      return ' -r -F';
    case 'choice':
      return ` -x -a ${quote(value.choices.join(' '))}`;
    case 'open':
      return ' -x';
  }
}

function toLines({ name, summary, flags, choices, takesFiles }: Word): string[] {
  const seen = `complete -c mig -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
  return [
    `complete -c mig -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...(choices.length > 0
      ? [
          `complete -c mig -n ${quote(`test (count (commandline -opc)) = 2; and __fish_seen_subcommand_from ${name}`)} -a ${quote(choices.join(' '))}`,
        ]
      : []),
    ...(takesFiles ? [`${seen} -F`] : []),
    ...flags.map((flag) => `${seen} -o ${flag.name}${toValue(flag)} -d ${quote(flag.help)}`),
  ];
}

export function toFish(words: readonly Word[]): string {
  return [
    '# mig completion for fish: mig completion fish > ~/.config/fish/completions/mig.fish',
    'complete -c mig -f',
    ...words.flatMap(toLines),
  ].join('\n');
}
