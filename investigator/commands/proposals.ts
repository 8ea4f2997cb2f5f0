/** `mig proposals`: what waits on the server for more signatures. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { Action } from '../../protocol/action/action.ts';
import type { ProposalSummary } from '../../protocol/api/proposal-api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { toSafeJson } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import { verifySigners } from '../ask/verify-proposal.ts';
import { formatFlag, readFormat } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags } from '../cli/flags.ts';
import { type KnownKey, knownKeysFlag, readKnownKeys, toKeyPaths } from '../keys/known-keys.ts';
import { listProposals, readProposal } from '../relay/proposals.ts';
import type { Relay } from '../relay/relay.ts';
import { type Column, printTable } from '../terminal/table.ts';
import type { CommandContext } from './context.ts';
import { limitFlag, maximumLimit, readLimit } from './list-limit.ts';
import { withRelay } from './with-relay.ts';

export const proposalsFlags: readonly Flag[] = [knownKeysFlag, limitFlag, formatFlag];

const columns: readonly Column[] = [
  { title: 'id', isWhole: true },
  { title: 'until', isWhole: true },
  { title: 'signed by, verified' },
  { title: 'target' },
  { title: 'name' },
];

/** A proposal that the server lists, and what of it holds. */
interface Listed {
  /** The relay's own word. */
  readonly claimed: ProposalSummary;
  readonly action?: Action;
  readonly signers?: readonly KnownKey[];
  /** Why nothing of it is to be believed. */
  readonly fault?: string;
}

async function check(relay: Relay, listed: ProposalSummary, keys: readonly KnownKey[]): Promise<Listed> {
  try {
    const { signed, claimed } = await readProposal(relay, listed.id);
    return { claimed, action: signed.action, ...(await verifySigners(signed, keys)) };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { claimed: listed, fault: error.code };
  }
}

/** Prints only verified proposals. */
function toRow({ claimed: { id }, action, signers = [], fault }: Listed): string[] {
  if (action === undefined) return [id, '', `NOT VERIFIED: ${fault}`, '', ''];
  const names = signers.map(({ name }) => name).sort();
  return [id, action.expireafter, names.join(', '), action.target, action.name];
}

function toJson({ claimed, action, signers = [], fault }: Listed) {
  return {
    id: claimed.id,
    action: action ?? null,
    signers: signers.map(({ name, fingerprint }) => ({ name, fingerprint })),
    fault: fault ?? null,
    serversays: claimed,
  };
}

export async function proposals(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, proposalsFlags);
  assertOnlyFlags(positionals, 'proposals');
  const format = readFormat(values);
  const limit = readLimit(values);
  const { console } = context;
  return withRelay(context, async (relay, held) => {
    const keys = await readKnownKeys(toKeyPaths(values, context.settings()), await held.open());
    const { proposals: claimed, next } = await listProposals(relay, limit);
    const found: Listed[] = [];
    for (const one of claimed.slice(0, limit)) found.push(await check(relay, one, keys));
    if (format === 'json') console.data(toSafeJson({ proposals: found.map(toJson), more: next !== null }));
    else {
      if (found.length > 0) printTable(columns, found.map(toRow), console);
      console.note(plural(found.length, 'proposal', 'proposals'));
      const launched = found.filter((one) => one.claimed.launched).map((one) => one.claimed.id);
      if (launched.length > 0) console.note(`launched already, as the server says: ${launched.join(', ')}`);
      if (found.some(({ fault }) => fault === 'signer-unknown'))
        console.note('some are signed by keys that you do not have: -keys, or MIG_KEYS, says where they are');
      if (next !== null) console.note(`older ones are not listed; -limit ${maximumLimit} lists more`);
    }
    return found.length === 0 ? exitCodes.nothingFound : exitCodes.found;
  });
}
