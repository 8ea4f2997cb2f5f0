/** `mig export ID`: the action, its signatures, keys and answers as one file, for those who must be convinced later. */
import type { Flag } from '../../modules/kit/flag.ts';
import type { Report } from '../../protocol/api/api.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { plural } from '../../protocol/base/plural.ts';
import { toEvidenceBytes, writeEvidenceFile } from '../answers/evidence/evidence.ts';
import { findSignerKeys } from '../answers/evidence/signer-keys.ts';
import { openOwnAction } from '../answers/own-action.ts';
import { unwrapReplyKey } from '../ask/wrapped-reply-key.ts';
import { readText } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, usageError } from '../cli/flags.ts';
import { requireSetting } from '../cli/require-settings.ts';
import { readPublicKeyFiles } from '../keys/public-key-file.ts';
import { listInvestigators } from '../relay/investigators.ts';
import type { CommandContext } from './context.ts';
import { parseActionId } from './show.ts';
import { withRelay } from './with-relay.ts';

export const exportFlags: readonly Flag[] = [
  { name: 'o', kind: 'string', value: 'file', help: 'Where to write the evidence; <ID>.evidence.json unless given.' },
  {
    name: 'keys',
    kind: 'string',
    repeatable: true,
    value: 'path',
    help: 'Public keys of others who signed, or a folder of *.asc files; your own key, and those that the server lists, come by themselves.',
  },
];

export async function exportAction(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, exportFlags);
  const id = parseActionId(positionals);
  const output = readText(values, 'o') ?? `${id}.evidence.json`;
  const others = await readPublicKeyFiles(Array.isArray(values.keys) ? values.keys : []);
  return withRelay(context, async (relay, held) => {
    const { console } = context;
    const key = await held.open();
    const { envelope, wrappedreplykey, counts } = await relay.getAction(id);
    const { action } = await openOwnAction(envelope, id, key);
    const reports: Report[] = [];
    for await (const report of relay.listReports(id)) reports.push(report);
    if (reports.length === 0) throw usageError(`expected an action with answers, got none to ${id} so far`);
    const own = await key.exportPublic();
    const { investigators } = await listInvestigators(relay);
    const at = [own, ...others.map(({ armored }) => armored), ...investigators.map(({ publickey }) => publickey)];
    const { keys, unknown } = await findSignerKeys(envelope, at);
    const evidence = {
      exported: toInstant(Date.now()),
      server: requireSetting(context.settings(), 'server').origin,
      envelope,
      keys: [...new Set([own, ...keys])],
      replykey: await unwrapReplyKey(wrappedreplykey, action, key),
      counts,
      reports,
    };
    const signature = await key.sign(toEvidenceBytes(evidence));
    writeEvidenceFile(output, { format: 'mig evidence v1', evidence, exporter: key.fingerprint, signature });
    console.note(`${output}: ${plural(reports.length, 'report', 'reports')}; check it with: mig verify ${output}`);
    if (unknown > 0)
      console.note(
        `${plural(unknown, 'signature is', 'signatures are')} by keys that are not at hand; name them with -keys`,
      );
    return exitCodes.found;
  });
}
