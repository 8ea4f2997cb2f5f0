/** Help, rendered from the flag tables. */
import type { Flag, ModuleFace } from '../../modules/contract.ts';
import { exitCodeMeanings } from '../exit-codes.ts';
import { settingTable } from '../settings.ts';
import { questionFlags } from './common-flags.ts';

const columns = 100;
const indent = '      ';

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => indent + one);
}

/** `  -path <path> …` */
export function flagHead(flag: Flag): string {
  const bare = flag.value?.replace(/^<|>$/g, '');
  const value = flag.kind === 'boolean' ? '' : ` <${bare ?? flag.kind}>`;
  return `  -${flag.name}${value}${flag.repeatable === true ? ' …' : ''}`;
}

export function renderFlags(flags: readonly Flag[]): string[] {
  return flags.flatMap((flag) => [
    flagHead(flag),
    ...wrap(flag.help),
    ...(flag.example === undefined ? [] : [`${indent}e.g. ${flag.example}`]),
  ]);
}

interface Example {
  readonly command: string;
  readonly says: string;
}

function renderExamples(examples: readonly Example[]): string[] {
  return ['', 'examples:', ...examples.flatMap(({ command, says }) => [`  ${command}`, `${indent}${says}`])];
}

export function renderModuleHelp({ spec, cli }: ModuleFace): string {
  return [
    `mig ${spec.name}: ${spec.summary}`,
    '',
    `usage: mig ${spec.name} [flags]`,
    ...renderExamples(cli.examples),
    '',
    'what to look for (… can be given several times):',
    ...renderFlags(cli.flags),
    '',
    'whom to ask, and how:',
    ...renderFlags(questionFlags),
  ].join('\n');
}

/** A command that is no module, with its flags. */
export interface CommandFace {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly Example[];
  readonly flags: readonly Flag[];
}

export function renderCommandHelp({ usage, summary, examples, flags }: CommandFace): string {
  return [
    `${usage.split(' ').slice(0, 2).join(' ')}: ${summary}`,
    '',
    `usage: ${usage}`,
    ...renderExamples(examples),
    ...(flags.length === 0 ? [] : ['', 'flags:', ...renderFlags(flags)]),
  ].join('\n');
}

/** @param commands name and sentence of what is no module. */
export function renderHelp(
  modules: Iterable<ModuleFace>,
  commands: readonly { readonly usage: string; readonly summary: string }[],
): string {
  const rows: (readonly [string, string])[] = [];
  for (const { spec } of modules) rows.push([spec.name, spec.summary]);
  const others = commands.map(({ usage, summary }) => [usage, summary] as const);
  const width = Math.max(...[...rows, ...others].map(([name]) => name.length));
  const list = (lines: readonly (readonly [string, string])[]): string[] =>
    lines.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'mig: asks all agents at once.',
    '',
    'usage: mig <module> [flags]',
    '',
    'modules:',
    ...list(rows),
    '',
    'other commands:',
    ...list(others),
    '',
    'mig <module> -h shows the flags of a module, and examples.',
    'settings, as variables or in the config file (MIG_CONFIG names another):',
    ...list(Object.entries(settingTable).map(([, { variable, meaning }]) => [variable, meaning])),
    '',
    'exit codes:',
    ...list(Object.entries(exitCodeMeanings)),
    '',
    'mig man | man -l - shows all of it on one page.',
  ].join('\n');
}
