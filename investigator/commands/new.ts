/** `mig new [FILE]`: an action file, put together step by step with the person at the terminal. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import type { Module } from '../../modules/kit/module.ts';
import { maximumOperations, type Operation } from '../../protocol/action/action.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { giveAdvice } from '../ask/advice/advice.ts';
import { assertAnswerable, type QuestionCode } from '../ask/check-question.ts';
import { type ActionTemplate, toActionFile } from '../ask/new-action.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, usageError } from '../cli/flags.ts';
import { type NamedFileCode, toReason } from '../cli/named-file.ts';
import { assertTarget } from '../cli/target.ts';
import { askText, askYes, choose } from '../terminal/prompt.ts';
import type { CommandContext } from './context.ts';
import { toEarlierAnswers, toMacro } from './expand-target.ts';
import { isStandIn } from './resolve-target.ts';

type NewCode = 'file-exists';

export const newFlags: readonly Flag[] = [];

/** The first line says what is wrong; those behind it show the place, which is what was typed just above. */
function toLine(error: unknown): string {
  return toMessage(error).split('\n', 1).join('');
}

/** @returns the operation, or what is wrong with what was given so far. */
function toOperation(module: Module, values: FlagValues): Operation | CodedError {
  try {
    const operation = { module: module.name, parameters: module.toParameters(values) };
    assertAnswerable([operation], new Map([[module.name, module]]));
    return operation;
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

const questionCodes: readonly string[] = ['question-refused', 'question-impossible'] satisfies readonly QuestionCode[];

/** Checks a flag's text alone. What it needs of other flags is checked at the end. */
function validateFlag(module: Module, values: FlagValues, { name }: Flag, value: FlagValues[string]): true | string {
  const operation = toOperation(module, { ...values, [name]: value });
  if (!(operation instanceof CodedError)) return true;
  // The values before it were checked in the same way: this one is what is wrong.
  if (questionCodes.includes(operation.code)) return operation.message.split('\n').slice(1).join('; ');
  return operation.message.split('\n').find((line) => line.startsWith(`-${name}: `)) ?? true;
}

async function askValue(module: Module, values: FlagValues, flag: Flag): Promise<FlagValues[string]> {
  if (flag.kind === 'boolean') return askYes(`-${flag.name}: ${flag.help}`);
  const example = flag.example === undefined ? '' : ` e.g. ${flag.example}`;
  const before = values[flag.name];
  const toValue = (text: string): FlagValues[string] => {
    if (flag.kind === 'number') return Number(text);
    return flag.repeatable === true ? [...(Array.isArray(before) ? before : []), text] : text;
  };
  const text = await askText(`-${flag.name} (${flag.help}${example})`, {
    validate: (typed) => {
      if (typed.trim() === '') return 'expected a value';
      if (flag.kind === 'number' && !Number.isFinite(Number(typed))) return 'expected a number';
      return validateFlag(module, values, flag, toValue(typed));
    },
  });
  return toValue(text);
}

function toShown(value: FlagValues[string]): string {
  if (value === undefined) return '';
  return ` = ${Array.isArray(value) ? value.join(', ') : String(value)}`;
}

async function askOperation(context: CommandContext): Promise<Operation> {
  const module = await choose(
    'What to look at?',
    [...context.modules.values()].map((face) => ({
      value: face,
      name: face.name,
      description: face.summary,
    })),
  );
  let values: FlagValues = {};
  for (;;) {
    const done = { value: undefined, name: 'done', description: 'That is all.' };
    const flags = module.flags.map((one) => ({
      value: one,
      name: `-${one.name}${toShown(values[one.name])}`,
      description: one.help,
    }));
    // The cursor begins at something to look for, then at the end.
    const choices = Object.keys(values).length === 0 ? [...flags, done] : [done, ...flags];
    const flag = await choose('What to look for?', choices);
    if (flag !== undefined) {
      values = { ...values, [flag.name]: await askValue(module, values, flag) };
      continue;
    }
    const operation = toOperation(module, values);
    if (!(operation instanceof CodedError)) return operation;
    for (const line of operation.message.split('\n')) context.console.note(escapeText(line));
  }
}

/** Conditions take the place of macros, so that the file means the same to everybody; `found:ID` is looked up when it is asked. */
function toFileTarget(text: string, context: CommandContext): string {
  const earlier = toEarlierAnswers(text);
  if (earlier?.condition !== undefined) assertTarget(earlier.condition);
  if (earlier !== undefined || text === 'local') return text;
  const target = isStandIn(text) ? toMacro(text, context.settings()) : text;
  assertTarget(target);
  return target;
}

function validateTarget(text: string, context: CommandContext): true | string {
  try {
    toFileTarget(text, context);
    return true;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return error.hint === undefined ? toLine(error) : `${toLine(error)} (${error.hint.replaceAll('\n', '; ')})`;
  }
}

async function compose(context: CommandContext): Promise<{ template: ActionTemplate; target: string }> {
  const name = await askText("The action's name, for those who see it later:", {
    validate: (text) => text.trim() !== '' || 'expected a name',
  });
  const ref = await askText('Ticket or other reference, if there is one:');
  const target = await askText('Whom to ask (online, all, found:ID, a macro or a condition):', {
    default: 'online',
    validate: (text) => validateTarget(text, context),
  });
  const operations: Operation[] = [];
  do operations.push(await askOperation(context));
  while (operations.length < maximumOperations && (await askYes('Look at something else as well?')));
  const template = { name, description: {}, threat: ref === '' ? {} : { ref }, operations, limits: {} };
  return { template, target: toFileTarget(target, context) };
}

/** Before the questions, not behind them. @throws CodedError<NewCode | NamedFileCode> */
function assertWritable(path: string): void {
  if (existsSync(path))
    throw new CodedError<NewCode>(
      'file-exists',
      `expected the name of a new file, got ${path}, which is there already`,
    );
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new CodedError<NamedFileCode>('file-unwritable', `expected to write ${path}, got ${toReason(cause)}`, {
      cause,
    });
  }
}

export async function newFile(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [path, extra] = parseFlags(argv, newFlags).positionals;
  if (extra !== undefined) throw usageError(`expected one file to write, got ${JSON.stringify(extra)} too`);
  const { console } = context;
  if (path !== undefined) assertWritable(path);
  const { template, target } = await compose(context);
  for (const line of giveAdvice(template.operations, context.modules))
    console.note(`${console.paintNote('warning', 'note:')} ${escapeText(line)}`);
  const text = toSafeJson(toActionFile(template, target));
  if (path === undefined) console.data(text);
  else {
    writeFileSync(path, `${text}\n`, { flag: 'wx' });
    console.note(`next: mig run ${path} -dry-run, mig run ${path}`);
  }
  return exitCodes.found;
}
