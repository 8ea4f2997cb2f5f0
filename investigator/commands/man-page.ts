/** The man page, rendered from the same tables as the help; roff with the macros of man(7). */
import type { Flag } from '../../modules/kit/flag.ts';
import type { LaptopPart } from '../../modules/kit/laptop-part.ts';
import type { Module } from '../../modules/kit/module.ts';
import { questionFlags } from '../cli/common-flags.ts';
import { exitCodeMeanings } from '../cli/exit-codes.ts';
import { settingTable } from '../cli/settings.ts';
import { toColumnsOf } from '../print/columns.ts';
import { type CommandFace, flagHead } from './help.ts';

/** ASCII in which roff sees no escape, no hyphen and, at the start of a line, no request. */
export function toRoff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll(/^(?=[.'])/gm, '\\&')
    .replaceAll("'", '\\(aq')
    .replaceAll(
      /[^\0-\x7f]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

function renderTerm(term: string, ...text: readonly string[]): string[] {
  return ['.TP', `.B ${toRoff(term)}`, ...text.map(toRoff)];
}

function renderFlags(flags: readonly Flag[]): string[] {
  return flags.flatMap((flag) => {
    const example = flag.example === undefined ? [] : ['.br', `e.g. ${toRoff(flag.example)}`];
    return [...renderTerm(flagHead(flag).trim(), flag.help), ...example];
  });
}

function renderExamples(examples: CommandFace['examples']): string[] {
  return ['.PP', 'Examples:', ...examples.flatMap(({ command, says }) => renderTerm(command, says))];
}

/** A module, with what only this machine has of it. */
export interface FullModule {
  readonly module: Module;
  readonly part: LaptopPart | undefined;
}

function renderOwnCommands(module: string, { commands }: LaptopPart): string[] {
  return Object.entries(commands).flatMap(([word, { operands, summary, example }]) => [
    ...renderTerm(`mig ${module} ${word} ${operands}`, summary),
    '.br',
    `e.g. ${toRoff(example)}`,
  ]);
}

function renderModule({ module, part }: FullModule): string[] {
  const { name, summary, flags, examples } = module;
  const columns = toColumnsOf(module).flatMap((column) => renderTerm(column.name, column.help));
  return [
    `.SS mig ${name}${part?.document === undefined ? '' : ' FILE'}`,
    toRoff(summary),
    ...(part === undefined ? [] : renderOwnCommands(name, part)),
    ...renderFlags(flags),
    '.PP',
    'Columns:',
    ...columns,
    ...renderExamples(examples),
  ];
}

function renderCommand({ usage, summary, flags, examples }: CommandFace): string[] {
  return [`.SS ${toRoff(usage)}`, toRoff(summary), ...renderFlags(flags), ...renderExamples(examples)];
}

/** @param modules what can be asked. @param commands all that is no module. */
export function renderManPage(modules: readonly FullModule[], commands: readonly CommandFace[]): string {
  const settings = Object.entries(settingTable).flatMap(([name, { variable, meaning }]) =>
    renderTerm(`${variable}, "${name}" in the config file`, `${meaning}.`),
  );
  const codes = Object.entries(exitCodeMeanings);
  return [
    '.TH MIG 1 "" "mig" "User Commands"',
    '.SH NAME',
    'mig \\- ask every endpoint at once',
    '.SH SYNOPSIS',
    ...['mig MODULE [flags]', ...commands.map(({ usage }) => usage)].flatMap((usage, index) => [
      ...(index === 0 ? [] : ['.br']),
      `.B ${toRoff(usage)}`,
    ]),
    '.SH DESCRIPTION',
    toRoff('Signs a question with your OpenPGP key, asks every agent that a target fits, and prints what they answer.'),
    toRoff('Results go to standard output, everything else to standard error.'),
    toRoff('One dash or two makes no difference, and a flag takes the next argument as it is.'),
    '.SH MODULES',
    ...modules.flatMap(renderModule),
    '.SH OPTIONS OF EVERY QUESTION',
    ...renderFlags(questionFlags),
    '.SH COMMANDS',
    ...commands.flatMap(renderCommand),
    '.SH TARGETS',
    toRoff(
      `A target is online, all, local, found:ID, a word of "targets" in the config file, or a condition in SQL's words`,
    ),
    toRoff(
      `on id, name, queueloc, mode, version, status, starttime, heartbeattime, environment->>'key' and tags->>'key',`,
    ),
    toRoff("with = <> < <= > >= LIKE ILIKE ~ ~* IN BETWEEN IS NULL AND OR NOT, and NOW() - INTERVAL '1 day'."),
    '.PP',
    toRoff(`mig agents -t "tags->>'team' = 'web' AND name LIKE 'web%'"`),
    '.SH ENVIRONMENT',
    ...settings,
    ...renderTerm('MIG_CONFIG', 'another config file.'),
    ...renderTerm('HTTPS_PROXY, NO_PROXY', 'as other programs read them.'),
    ...renderTerm('NO_COLOR', 'no colour, even on a terminal.'),
    '.SH FILES',
    ...renderTerm(
      '$XDG_CONFIG_HOME/mig/config.json',
      '(~/.config/mig/config.json) settings; the environment wins over it.',
    ),
    ...renderTerm(
      '$XDG_STATE_HOME/mig/',
      '(~/.local/state/mig/) the session, and the agents that have answered before.',
    ),
    '.SH EXIT STATUS',
    ...codes.flatMap(([code, meaning]) => renderTerm(code, `${meaning}.`)),
    '.SH SEE ALSO',
    '.BR gpg (1)',
    '',
  ].join('\n');
}
