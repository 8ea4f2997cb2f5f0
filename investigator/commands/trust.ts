/** `mig trust new|sign|publish|show`: whom agents obey, changed by lists that people with root keys sign. */

import type { Flag, FlagValues } from '../../modules/kit/flag.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { maximumSignatures } from '../../protocol/base/limits.ts';
import { plural } from '../../protocol/base/plural.ts';
import { toSigners } from '../../protocol/environment/acl.ts';
import { type TrustEnvelope, type TrustList, toTrustBytes } from '../../protocol/trust/trust-list.ts';
import type { TrustStatus } from '../../protocol/trust/trust-status.ts';
import { type EnvironmentRules, readEnvironment } from '../ask/judge-signatures.ts';
import { readText } from '../cli/common-flags.ts';
import { parseDuration } from '../cli/duration.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { parseFlags, usageError } from '../cli/flags.ts';
import { requireSetting } from '../cli/require-settings.ts';
import type { Relay } from '../relay/relay.ts';
import { getTrustList, publishTrustList } from '../relay/trust-lists.ts';
import type { Console } from '../terminal/console.ts';
import { describeTrustList, TrustVersions } from '../trust/describe-trust.ts';
import { findRefusal, judgeTrustList } from '../trust/judge-trust-list.ts';
import { newTrustList, toFirstList } from '../trust/new-trust-list.ts';
import { readTrustFile, toTrustFile, writeTrustFile } from '../trust/trust-file.ts';
import { openHeartbeat } from '../witness/heartbeat.ts';
import { confirm } from './confirm.ts';
import type { CommandContext } from './context.ts';
import { withRelay } from './with-relay.ts';

function repeatable(name: string, value: string, help: string, example: string): Flag {
  return { name, kind: 'string', repeatable: true, value, help, example };
}

export const trustFlags: readonly Flag[] = [
  {
    name: 'o',
    kind: 'string',
    value: 'file',
    help: 'new, sign: where to write the list; sign writes back unless given.',
  },
  {
    name: 'with',
    kind: 'string',
    value: 'file',
    help: 'What "mig-agent config" prints. new: to begin with what is baked in; with -from, sign and publish: to check the list against it.',
  },
  { name: 'from', kind: 'string', value: 'file', help: 'new: the list that is to be followed.' },
  repeatable('add', 'name=file', 'new: a public key of somebody who may ask.', '-add carol=keys/carol.asc'),
  repeatable('remove', 'name', 'new: who may not ask any more; the keys are revoked for good.', '-remove bob'),
  repeatable('weight', 'module:name=number', 'new: the weight of somebody in a rule.', '-weight default:carol=1'),
  repeatable('minimum', 'module=number', 'new: the weight that a rule asks for.', '-minimum default=2'),
  repeatable('revoke', 'fingerprint', 'new: a key that is revoked for good.', '-revoke AFD87B08…'),
  repeatable('revokeaction', 'id', 'new: an action that no agent may run any more.', '-revokeaction 8ab967845e4c…'),
  {
    name: 'expires',
    kind: 'string',
    value: 'duration',
    help: 'new: how long the list is good for; 365d unless given.',
  },
  { name: 'y', kind: 'boolean', help: 'sign: signs without asking back.' },
];

function readList(values: FlagValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}

function readBuild(values: FlagValues): EnvironmentRules | undefined {
  const config = readText(values, 'with');
  return config === undefined ? undefined : readEnvironment(config);
}

/** `2 of carol, dave` */
function toQuorum({ threshold, people }: NonNullable<EnvironmentRules['roots']>): string {
  return `${threshold} of ${people.map(({ name }) => name).join(', ')}`;
}

/** What the list would do that nobody may want; whoever wants it goes on. */
function sayProblems(list: TrustList, build: EnvironmentRules | undefined, { note, paintNote }: Console): void {
  for (const line of judgeTrustList(list, build)) note(`${paintNote('warning', 'note:')} ${line}`);
}

async function draft(values: FlagValues, { console }: CommandContext): Promise<ExitCode> {
  const from = readText(values, 'from');
  const config = readText(values, 'with');
  const output = readText(values, 'o');
  if (from === undefined && config === undefined)
    throw usageError('expected -with what "mig-agent config" prints, or -from a list, got neither');
  if (output === undefined) throw usageError('expected -o FILE, where the list is to be written');
  const build = readBuild(values);
  const before = from !== undefined ? readTrustFile(from).list : toFirstList(readEnvironment(config ?? ''));
  const nowMs = Date.now();
  const list = await newTrustList(
    before,
    {
      add: readList(values, 'add'),
      remove: readList(values, 'remove'),
      weight: readList(values, 'weight'),
      minimum: readList(values, 'minimum'),
      revokeKeys: readList(values, 'revoke'),
      revokeActions: readList(values, 'revokeaction'),
      expiresMs: nowMs + parseDuration(readText(values, 'expires') ?? '365d'),
    },
    nowMs,
  );
  writeTrustFile(output, { payload: toTrustBytes(list).toString('base64'), signatures: [] });
  for (const line of describeTrustList(list)) console.data(line);
  sayProblems(list, build, console);
  if (build === undefined)
    console.note(`next: mig trust sign ${output}, by as many people with root keys as the agents ask for`);
  else if (build.roots !== undefined) console.note(`next: mig trust sign ${output}, by ${toQuorum(build.roots)}`);
  return exitCodes.found;
}

async function sign(path: string, values: FlagValues, context: CommandContext): Promise<ExitCode> {
  const { envelope, signedBytes, list } = readTrustFile(path);
  const { console } = context;
  if (envelope.signatures.length >= maximumSignatures)
    throw usageError(`expected at most ${maximumSignatures} signatures of a trust list`);
  const build = readBuild(values);
  for (const line of describeTrustList(list)) console.note(line);
  sayProblems(list, build, console);
  const key = await context.connections.key(requireSetting(context.settings(), 'key')).open();
  const roots = build?.roots;
  if (roots !== undefined && toSigners(roots.people, [key.fingerprint]).size === 0)
    throw usageError(
      `expected a root key of these agents, got ${key.fingerprint}`,
      `the signature would count nothing; root keys are those of ${roots.people.map(({ name }) => name).join(', ')}`,
    );
  if (values.y !== true) await confirm(`sign this as ${key.fingerprint}?`, context);
  const signatures = [...envelope.signatures, await key.sign(signedBytes)];
  writeTrustFile(readText(values, 'o') ?? path, { ...envelope, signatures });
  console.note(`signed by ${key.fingerprint}, signature ${signatures.length}; next: mig trust sign, mig trust publish`);
  return exitCodes.found;
}

/** Before it is sent: the relay counts only the signatures of root keys, and agents do so again. */
function assertSigned({ signatures }: TrustEnvelope, path: string, roots: EnvironmentRules['roots']): void {
  const needed = roots?.threshold ?? 1;
  if (signatures.length < needed)
    throw usageError(
      `expected ${plural(needed, 'signature', 'signatures')} of people with root keys, got ${signatures.length}`,
      `mig trust sign ${path}, by ${roots === undefined ? 'as many of them as the agents ask for' : toQuorum(roots)}`,
    );
}

function publish(path: string, values: FlagValues, context: CommandContext): Promise<ExitCode> {
  const { envelope, list } = readTrustFile(path);
  const build = readBuild(values);
  assertSigned(envelope, path, build?.roots);
  const refusal = build === undefined ? undefined : findRefusal(list, build);
  if (refusal !== undefined)
    throw usageError(`expected a list that agents take: ${refusal}`, 'mig trust new makes another');
  return withRelay(context, async (relay) => {
    const { fleet, version } = await publishTrustList(relay, list.fleet, envelope);
    context.console.note(`the relay has trust list ${version} of ${fleet}; mig trust show says which agents go by it`);
    return exitCodes.found;
  });
}

/** Counts trust lists by the agents' own heartbeats. Those that are not genuine count nothing. */
async function* readStatuses(relay: Relay, fleet: string): AsyncGenerator<TrustStatus> {
  for await (const { id, heartbeat } of relay.listAgents('all', true, fleet)) {
    if (heartbeat === undefined) continue;
    const trust = openHeartbeat(id, heartbeat)?.trust;
    if (trust !== undefined) yield trust;
  }
}

function showRelay(context: CommandContext): Promise<ExitCode> {
  const { console } = context;
  return withRelay(context, async (relay) => {
    const fleet = requireSetting(context.settings(), 'fleet');
    const { envelope } = await getTrustList(relay, fleet);
    const { list, signedBytes } = toTrustFile(envelope);
    for (const line of describeTrustList(list)) console.data(line);
    console.note('as the server has it: only agents check who has signed it');
    const versions = new TrustVersions();
    for await (const status of readStatuses(relay, fleet)) versions.add(status);
    const digest = sha256Hex(signedBytes);
    const [current, all] = [versions.count(list.version, digest), versions.agents];
    console.note(`agents that go by it: ${current} of ${all}`);
    for (const line of [...versions.describeRefusals(digest), ...versions.summarise(Date.now())]) console.note(line);
    return current < all ? exitCodes.incomplete : exitCodes.found;
  });
}

export async function trust(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, trustFlags);
  const [command, path, extra] = positionals;
  if (extra !== undefined) throw usageError(`expected one file, got ${JSON.stringify(extra)} as well`);
  if (command === 'new' && path === undefined) return draft(values, context);
  if (command === 'show') {
    if (path === undefined) return showRelay(context);
    for (const line of describeTrustList(readTrustFile(path).list)) context.console.data(line);
    return exitCodes.found;
  }
  if (path !== undefined && command === 'sign') return sign(path, values, context);
  if (path !== undefined && command === 'publish') return publish(path, values, context);
  throw usageError(
    `expected mig trust new, sign FILE, publish FILE or show [FILE], got ${positionals.length === 0 ? 'none' : JSON.stringify(positionals.join(' '))}`,
  );
}
