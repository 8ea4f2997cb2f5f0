/** `mig actions`: what has been asked lately. */
import type { Flag } from '../../modules/contract.ts';
import { formatFlag, readFormat } from '../command-line/common-flags.ts';
import { parseFlags, usageError } from '../command-line/flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { totalOf } from '../investigation/outcome.ts';
import { openKey } from '../keys/investigator-key.ts';
import { toSafeJson } from '../output/escape.ts';
import { doneOf } from '../output/progress.ts';
import { printTable } from '../output/table.ts';
import { connectRelay } from '../relay/relay.ts';
import { requireSetting } from '../settings.ts';
import type { CommandContext } from './context.ts';

const defaultLimit = 50;
const maximumLimit = 1000;

export const actionsFlags: readonly Flag[] = [
  {
    name: 'limit',
    kind: 'number',
    value: 'n',
    help: `How many to list, the newest first; ${defaultLimit} unless given.`,
  },
  formatFlag,
];

export async function actions(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, actionsFlags);
  if (positionals[0] !== undefined) throw usageError(`expected a flag, got ${JSON.stringify(positionals[0])}`);
  const format = readFormat(values);
  const limit = values.limit ?? defaultLimit;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > maximumLimit)
    throw usageError(`expected a whole number from 1 to ${maximumLimit} after -limit, got ${String(limit)}`);
  const settings = context.settings();
  requireSetting(settings, 'server');
  const relay = connectRelay(settings, await openKey(requireSetting(settings, 'key')), context.signal);
  try {
    const { actions: found, next } = await relay.listActions(limit);
    if (format === 'json') context.console.data(toSafeJson({ actions: found, more: next !== null }));
    else {
      const head = ['id', 'created', 'by', 'done', 'target', 'name'];
      const rows = found.map((action) => [
        action.id,
        action.created,
        action.investigator,
        `${doneOf(action.counts)}/${totalOf(action.counts)}`,
        action.target,
        action.name,
      ]);
      if (rows.length > 0) await printTable(head, rows, context.console);
      if (next !== null) context.console.note(`older actions are not listed; -limit ${maximumLimit} lists more`);
    }
    return found.length === 0 ? exitCodes.nothingFound : exitCodes.found;
  } finally {
    relay.close();
  }
}
