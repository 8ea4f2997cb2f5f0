/** The flags that every question has beside those of its module, and what was given for them. */

import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { durationUnits, parseDuration } from './duration.ts';
import { usageError } from './flags.ts';
import { readView, type View, viewFlags } from './view-flags.ts';

export const formatFlag: Flag = {
  name: 'f',
  kind: 'string',
  value: 'text|json',
  help: 'How to print the answer; text unless given.',
  example: '-f json',
};

const resultFormatFlag: Flag = {
  name: 'f',
  kind: 'string',
  value: 'text|json|ndjson|csv|html|sarif|junit',
  help: 'How to print the answer; html is one page for the incident ticket, sarif and junit are for pipelines; text unless given.',
  example: '-f html > ticket-1234.html',
};

const showFlag: Flag = {
  name: 'show',
  kind: 'string',
  value: 'found|notfound|errors|all',
  help: 'Which agents to print; found unless given, all with -f json, ndjson, html, sarif and junit.',
};

/** How answers are printed. */
export const answerFlags: readonly Flag[] = [resultFormatFlag, showFlag, ...viewFlags];

export const helpFlags: readonly Flag[] = [
  { name: 'h', kind: 'boolean', help: 'Prints this help.' },
  { name: 'help', kind: 'boolean', help: 'Prints this help.' },
];

export const targetFlag: Flag = {
  name: 't',
  kind: 'string',
  value: 'target',
  help: 'Which agents to ask: online, all, local (this machine, without server or agent), found:ID (those that found something in an earlier action), a macro of the config file, or a condition; online unless given.',
  example: `-t "environment->>'os' = 'linux' AND name LIKE '%web%'"`,
};

/** Of whatever asks agents. */
export const noFollowFlag: Flag = {
  name: 'nofollow',
  kind: 'boolean',
  help: "Ends when the question is sent, with the action's id on standard output; mig show ID -wait has the answers.",
};

export const questionFlags: readonly Flag[] = [
  targetFlag,
  {
    name: 'e',
    kind: 'string',
    value: 'duration',
    help: `How long agents may take the question (${durationUnits}); 5m unless given.`,
    example: '-e 2h',
  },
  { name: 'y', kind: 'boolean', help: 'Asks at once, without the countdown.' },
  noFollowFlag,
  ...answerFlags,
  {
    name: 'title',
    kind: 'string',
    value: 'text',
    help: "The action's name for those who see it later; the command line unless given.",
  },
  {
    name: 'seconds',
    kind: 'number',
    value: 'n',
    help: 'The most time that the work may take on an agent; what the agent allows unless given.',
  },
  {
    name: 'print',
    kind: 'boolean',
    help: 'Prints the question as an action file, for review or mig run; asks nobody.',
  },
  {
    name: 'dry-run',
    kind: 'boolean',
    help: 'Prints the question and how many agents, by system and tag, it would reach; asks none of them.',
  },
  { name: 'estimate', kind: 'boolean', help: 'Asks this machine first and says what that took; asks nobody else.' },
];

export type Format = 'text' | 'json';
export const resultFormats = ['text', 'json', 'ndjson', 'csv', 'html', 'sarif', 'junit'] as const;
export type ResultFormat = (typeof resultFormats)[number];
const showChoices = ['found', 'notfound', 'errors', 'all'] as const;
/** Which agents' answers are printed; all are counted. */
export type Show = (typeof showChoices)[number];

/** The ways of rehearsing a question instead of asking it. */
type Rehearsal = 'print' | 'dry-run' | 'estimate';

export interface AnswerOptions {
  readonly format: ResultFormat;
  readonly show: Show;
  readonly view: View;
}

export interface QuestionOptions extends AnswerOptions {
  /** Undefined when not given. */
  readonly target: string | undefined;
  readonly expiryMs: number;
  readonly yes: boolean;
  /** Whether the answers are left to a later command. */
  readonly noFollow: boolean;
  readonly rehearsal: Rehearsal | undefined;
  readonly title: string | undefined;
  readonly seconds: number | undefined;
}

/** @throws CodedError usage */
export function readFormat(values: FlagValues): Format {
  const format = values.f ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw usageError(`expected -f text or -f json, got ${JSON.stringify(format)}`);
  return format;
}

/** @throws CodedError usage */
function readResultFormat(values: FlagValues): ResultFormat {
  const format = resultFormats.find((known) => known === (values.f ?? 'text'));
  if (format === undefined)
    throw usageError(`expected one of ${resultFormats.join(', ')} after -f, got ${JSON.stringify(values.f)}`);
  return format;
}

/** @throws CodedError usage */
export function readShow(values: FlagValues, format: ResultFormat): Show {
  const byDefault = format === 'text' || format === 'csv' ? 'found' : 'all';
  const show = showChoices.find((known) => known === (values.show ?? byDefault));
  if (show === undefined)
    throw usageError(`expected one of ${showChoices.join(', ')} after -show, got ${JSON.stringify(values.show)}`);
  return show;
}

/** @throws CodedError usage */
export function readAnswerOptions(values: FlagValues): AnswerOptions {
  const format = readResultFormat(values);
  return { format, show: readShow(values, format), view: readView(values, format) };
}

/** @throws CodedError usage */
function readRehearsal(values: FlagValues): Rehearsal | undefined {
  const given = (['print', 'dry-run', 'estimate'] as const).filter((name) => values[name] === true);
  if (given.length > 1) throw usageError(`expected one of ${given.map((name) => `-${name}`).join(', ')}, got all`);
  return given[0];
}

/** The value of a flag that takes one text. */
export function readText(values: FlagValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** As an argument. */
export function isHelpWord(word: string): boolean {
  return word === 'help' || word === '-h' || word === '-help' || word === '--help';
}

export function wantsHelp(values: FlagValues): boolean {
  return values.h === true || values.help === true;
}

/** @throws CodedError usage */
export function readQuestionOptions(values: FlagValues): QuestionOptions {
  const seconds = values.seconds;
  if (seconds !== undefined && (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1))
    throw usageError(`expected a whole number of at least 1 after -seconds, got ${String(seconds)}`);
  return {
    target: readText(values, 't'),
    expiryMs: parseDuration(readText(values, 'e') ?? '5m'),
    yes: values.y === true,
    noFollow: values.nofollow === true,
    ...readAnswerOptions(values),
    rehearsal: readRehearsal(values),
    title: readText(values, 'title'),
    seconds,
  };
}
