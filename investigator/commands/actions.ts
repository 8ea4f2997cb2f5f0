/** `mig actions`: what has been asked lately. */

import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { toSafeJson } from '../../protocol/base/escape.ts';
import { Instant, toInstant } from '../../protocol/base/instant.ts';
import { plural } from '../../protocol/base/plural.ts';
import { totalOf } from '../answers/outcome.ts';
import { formatFlag, readFormat, readText } from '../cli/common-flags.ts';
import { durationUnits, isDuration, parseDuration } from '../cli/duration.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags, usageError } from '../cli/flags.ts';
import { doneOf } from '../print/progress.ts';
import { type Column, printTable } from '../terminal/table.ts';
import type { CommandContext } from './context.ts';
import { limitFlag, maximumLimit, readLimit } from './list-limit.ts';
import { withRelay } from './with-relay.ts';

const timeHelp = `a day, a UTC time, or how long ago (${durationUnits})`;

export const actionsFlags: readonly Flag[] = [
  {
    name: 'name',
    kind: 'string',
    value: 'text',
    help: 'Only actions with this text in their name, in capital letters or small ones.',
    example: '-name log4j',
  },
  { name: 'investigator', kind: 'string', value: 'name', help: 'Only actions that this investigator launched.' },
  {
    name: 'since',
    kind: 'string',
    value: 'time',
    help: `Only actions created at this time or later: ${timeHelp}.`,
    example: '-since 2d',
  },
  {
    name: 'until',
    kind: 'string',
    value: 'time',
    help: `Only actions created before this time: ${timeHelp}.`,
    example: '-until 2026-01-31',
  },
  limitFlag,
  formatFlag,
];

const columns: readonly Column[] = [
  { title: 'id', isWhole: true },
  { title: 'created', isWhole: true },
  { title: 'by' },
  { title: 'done' },
  { title: 'target' },
  { title: 'name' },
];

/** @throws CodedError usage */
function readTime(values: FlagValues, flag: string): string | undefined {
  const text = readText(values, flag);
  if (text === undefined) return undefined;
  if (isDuration(text)) return toInstant(Date.now() - parseDuration(text, flag));
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const timeMs = Date.parse(instant);
  // Date.parse takes a 31st of February for a day in March.
  if (Instant.safeParse(instant).success && toInstant(timeMs) === instant) return instant;
  throw usageError(
    `expected a time after -${flag}, got ${JSON.stringify(text)}`,
    `for example -${flag} 2d, -${flag} 2026-01-31 or -${flag} 2026-01-31T07:00:00Z`,
  );
}

export async function actions(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, actionsFlags);
  assertOnlyFlags(positionals, 'actions');
  const format = readFormat(values);
  const search = {
    limit: readLimit(values),
    name: readText(values, 'name'),
    investigator: readText(values, 'investigator'),
    since: readTime(values, 'since'),
    until: readTime(values, 'until'),
  };
  const { actions: found, next } = await withRelay(context, (relay) => relay.listActions(search));
  if (format === 'json') context.console.data(toSafeJson({ actions: found, more: next !== null }));
  else {
    const rows = found.map((action) => [
      action.id,
      action.created,
      action.investigator,
      `${doneOf(action.counts)}/${totalOf(action.counts)}${action.cancelled === null ? '' : ' cancelled'}`,
      action.target,
      action.name,
    ]);
    if (rows.length > 0) printTable(columns, rows, context.console);
    context.console.note(plural(rows.length, 'action', 'actions'));
    if (next !== null) context.console.note(`older actions are not listed; -limit ${maximumLimit} lists more`);
  }
  return found.length === 0 ? exitCodes.nothingFound : exitCodes.found;
}
