/** `mig export ID`: the action, its signatures, keys and answers as one file, for those who must be convinced later. */
import type { Flag } from '../../modules/contract.ts';
import { toInstant } from '../../protocol/action.ts';
import type { Report } from '../../protocol/api.ts';
import { readText } from '../command-line/common-flags.ts';
import { parseFlags, usageError } from '../command-line/flags.ts';
import { toEvidenceBytes, writeEvidenceFile } from '../evidence/evidence.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { openOwnAction } from '../investigation/own-action.ts';
import { unwrapReplyKey } from '../investigation/wrapped-reply-key.ts';
import { holdKey } from '../keys/investigator-key.ts';
import { readPublicKeyFiles } from '../keys/public-key-file.ts';
import { plural } from '../output/plural.ts';
import { connectRelay } from '../relay/relay.ts';
import { requireSetting } from '../settings.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';

export const exportFlags: readonly Flag[] = [
  { name: 'o', kind: 'string', value: 'file', help: 'Where to write the evidence; <ID>.evidence.json unless given.' },
  {
    name: 'keys',
    kind: 'string',
    repeatable: true,
    value: 'path',
    help: 'Public keys of the others who signed, or a folder of *.asc files; your own key comes by itself.',
  },
];

export async function exportAction(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, exportFlags);
  const id = parseActionId(positionals);
  const output = readText(values, 'o') ?? `${id}.evidence.json`;
  const settings = context.settings();
  const server = requireSetting(settings, 'server');
  const held = holdKey(requireSetting(settings, 'key'));
  const key = await held.open();
  const others = await readPublicKeyFiles(Array.isArray(values.keys) ? values.keys : []);
  const relay = connectRelay(settings, held, context.signal);
  try {
    const { envelope, wrappedreplykey, counts } = await relay.getAction(id);
    const { action } = await openOwnAction(envelope, id, key);
    const reports: Report[] = [];
    for await (const report of relay.listReports(id)) reports.push(report);
    if (reports.length === 0) throw usageError(`expected an action with answers, got none to ${id} so far`);
    const evidence = {
      exported: toInstant(Date.now()),
      server: server.origin,
      envelope,
      keys: [...new Set([await key.exportPublic(), ...others.map(({ armored }) => armored)])],
      replykey: await unwrapReplyKey(wrappedreplykey, action, key),
      counts,
      reports,
    };
    const signature = await key.sign(toEvidenceBytes(evidence));
    writeEvidenceFile(output, { format: 'mig evidence v1', evidence, exporter: key.fingerprint, signature });
    context.console.note(
      `${output}: ${plural(reports.length, 'report', 'reports')}; check it with: mig verify ${output}`,
    );
    return exitCodes.found;
  } finally {
    relay.close();
  }
}
