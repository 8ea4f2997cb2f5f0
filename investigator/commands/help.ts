/** Help, rendered from the flag tables. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { LaptopPart } from '../../modules/kit/laptop-part.ts';
import type { Module } from '../../modules/kit/module.ts';
import { questionFlags } from '../cli/common-flags.ts';
import { exitCodeMeanings } from '../cli/exit-codes.ts';
import { settingTable } from '../cli/settings.ts';
import { toColumnsOf } from '../print/columns.ts';
import type { Console } from '../terminal/console.ts';

/** Longer lines are hard to read, however wide the window. */
const mostColumns = 100;
const indent = '      ';
/** With less beside the names, what they are for goes below them. */
const leastBeside = 40;

/** Of the terminal also when a pager stands between. */
export function helpColumns({ dataColumns, columns }: Pick<Console, 'dataColumns' | 'columns'>): number {
  return dataColumns() ?? columns();
}

function wrap(text: string, columns: number, lead = indent): string[] {
  const width = Math.min(columns, mostColumns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && lead.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => lead + one);
}

/** Names with a sentence each. */
function renderList(rows: readonly (readonly [name: string, sentence: string])[], columns: number): string[] {
  const beside = 4 + Math.max(...rows.map(([name]) => name.length));
  if (Math.min(columns, mostColumns) - beside < leastBeside)
    return rows.flatMap(([name, sentence]) => [`  ${name}`, ...wrap(sentence, columns)]);
  return rows.flatMap(([name, sentence]) => {
    const lines = wrap(sentence, columns, ' '.repeat(beside));
    return lines.map((line, index) => (index === 0 ? `  ${name}`.padEnd(beside) + line.trimStart() : line));
  });
}

/** `  -path <path> …` */
export function flagHead(flag: Flag): string {
  const bare = flag.value?.replace(/^<|>$/g, '');
  const value = flag.kind === 'boolean' ? '' : ` <${bare ?? flag.kind}>`;
  return `  -${flag.name}${value}${flag.repeatable === true ? ' …' : ''}`;
}

function renderFlags(flags: readonly Flag[], columns: number): string[] {
  return flags.flatMap((flag) => [
    flagHead(flag),
    ...wrap(flag.help, columns),
    ...(flag.example === undefined ? [] : [`${indent}e.g. ${flag.example}`]),
  ]);
}

interface Example {
  readonly command: string;
  readonly says: string;
}

function renderExamples(examples: readonly Example[], columns: number): string[] {
  return ['', 'examples:', ...examples.flatMap(({ command, says }) => [`  ${command}`, ...wrap(says, columns)])];
}

/** Commands of the module's own. */
function renderOwnCommands(name: string, { commands }: LaptopPart, columns: number): string[] {
  return Object.entries(commands).flatMap(([word, { operands, summary, example }]) => [
    `  mig ${name} ${word} ${operands}`,
    ...wrap(summary, columns),
    `${indent}e.g. ${example}`,
  ]);
}

/** @param part that only this machine has. */
export function renderModuleHelp(module: Module, columns = mostColumns, part?: LaptopPart): string {
  const { name, summary, examples, flags } = module;
  return [
    ...wrap(`mig ${name}: ${summary}`, columns, ''),
    '',
    `usage: mig ${name} ${part?.document === undefined ? '' : 'FILE '}[flags]`,
    ...(part === undefined ? [] : ['', 'commands:', ...renderOwnCommands(name, part, columns)]),
    ...renderExamples(examples, columns),
    '',
    'what to look for:',
    ...renderFlags(flags, columns),
    '',
    'whom to ask, and how:',
    ...renderFlags(questionFlags, columns),
    '',
    'columns, for -columns, -sort and -stack:',
    ...renderList(
      toColumnsOf(module).map((column) => [column.name, column.help]),
      columns,
    ),
    '',
    ...wrap('Flags with … can be given several times. One dash or two makes no difference.', columns, ''),
  ].join('\n');
}

/** A command that is no module, with its flags. */
export interface CommandFace {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly flags: readonly Flag[];
}

export function renderCommandHelp(
  name: string,
  { usage, summary, examples, flags }: CommandFace,
  columns = mostColumns,
): string {
  return [
    ...wrap(`mig ${name}: ${summary}`, columns, ''),
    '',
    `usage: ${usage}`,
    ...renderExamples(examples, columns),
    ...(flags.length === 0 ? [] : ['', 'flags:', ...renderFlags(flags, columns)]),
  ].join('\n');
}

/** @param commands what is no module, by name. */
export function renderHelp(
  modules: Iterable<Module>,
  commands: ReadonlyMap<string, Pick<CommandFace, 'summary'>>,
  columns = mostColumns,
): string {
  const known = [...modules];
  const list = (rows: readonly (readonly [string, string])[]): string[] => renderList(rows, columns);
  return [
    'mig: asks all agents at once.',
    '',
    'usage: mig <module> [flags]',
    '       mig <command> [flags]',
    '',
    'for example:',
    '  mig config',
    ...wrap('checks settings, key and server, and says what is wrong.', columns),
    ...known
      .flatMap(({ examples }) => examples)
      .slice(0, 1)
      .flatMap(({ command, says }) => [`  ${command}`, ...wrap(says, columns)]),
    '',
    'modules:',
    ...list(known.map(({ name, summary }) => [name, summary])),
    '',
    'commands:',
    ...list([...commands].map(([name, { summary }]) => [name, summary])),
    '',
    'mig <module> -h and mig <command> -h',
    'show the flags of each, and examples.',
    '',
    ...wrap('settings, as variables or in the config file (MIG_CONFIG names another):', columns, ''),
    ...list(Object.values(settingTable).map(({ variable, meaning }) => [variable, meaning])),
    '',
    'exit codes:',
    ...list(Object.entries(exitCodeMeanings)),
    '',
    'mig man | man -l - shows all of it.',
  ].join('\n');
}
