/** `mig proposals`: what waits on the server for more signatures. */
import type { Flag } from '../../modules/contract.ts';
import { toSafeJson } from '../../protocol/escape.ts';
import type { ProposalSummary } from '../../protocol/proposal-api.ts';
import { formatFlag, readFormat } from '../command-line/common-flags.ts';
import { assertOnlyFlags, parseFlags } from '../command-line/flags.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { plural } from '../output/plural.ts';
import { type Column, printTable } from '../output/table.ts';
import { listProposals } from '../relay/proposals.ts';
import type { CommandContext } from './context.ts';
import { limitFlag, maximumLimit, readLimit } from './list-limit.ts';
import { withRelay } from './with-relay.ts';

export const proposalsFlags: readonly Flag[] = [limitFlag, formatFlag];

const columns: readonly Column[] = [
  { title: 'id', isWhole: true },
  { title: 'until', isWhole: true },
  { title: 'by' },
  { title: 'signed by' },
  { title: 'state' },
  { title: 'target' },
  { title: 'name' },
];

function toRow({ id, expireafter, investigator, signers, launched, target, name }: ProposalSummary): string[] {
  const signed = signers
    .map((signer) => signer.investigator)
    .sort()
    .join(', ');
  return [id, expireafter, investigator, signed, launched ? 'launched' : 'waits', target, name];
}

export async function proposals(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, proposalsFlags);
  assertOnlyFlags(positionals, 'proposals');
  const format = readFormat(values);
  const limit = readLimit(values);
  const { proposals: found, next } = await withRelay(context, (relay) => listProposals(relay, limit));
  if (format === 'json') context.console.data(toSafeJson({ proposals: found, more: next !== null }));
  else {
    if (found.length > 0) await printTable(columns, found.map(toRow), context.console);
    context.console.note(plural(found.length, 'proposal', 'proposals'));
    if (next !== null) context.console.note(`older ones are not listed; -limit ${maximumLimit} lists more`);
  }
  return found.length === 0 ? exitCodes.nothingFound : exitCodes.found;
}
