/** `mig config`: tries everything that a question needs, and says what is wrong before it matters. */

import type { Flag } from '../../modules/kit/flag.ts';
import { StatusResponse, VersionResponse } from '../../protocol/api/api.ts';
import { clockToleranceMs } from '../../protocol/base/clock.ts';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { escapeText, toSafeJson } from '../../protocol/base/escape.ts';
import { plural } from '../../protocol/base/plural.ts';
import { type EnvironmentRules, readEnvironment } from '../ask/judge-signatures.ts';
import { formatFlag, readFormat, readText } from '../cli/common-flags.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import { assertOnlyFlags, parseFlags } from '../cli/flags.ts';
import { describeFormerConfig, requireSetting } from '../cli/require-settings.ts';
import type { Settings } from '../cli/settings.ts';
import { assertFitKey } from '../keys/check-key.ts';
import type { HeldKey, InvestigatorKey } from '../keys/investigator-key.ts';
import { connectRelay, connectTransport, type RelayOptions } from '../relay/relay.ts';
import { checkAccess } from './config-access.ts';
import type { CommandContext } from './context.ts';

export const configFlags: readonly Flag[] = [
  {
    name: 'with',
    kind: 'string',
    value: 'file',
    help: 'What "mig-agent config" prints on an endpoint; says what the agents let your key ask.',
  },
  formatFlag,
];

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly says: string;
  readonly hint?: string;
}

/** @throws what the check throws when ctrl+c ended it: that is nothing wrong with the settings. */
async function check(name: string, run: () => Promise<string>, signal: AbortSignal): Promise<Check> {
  try {
    return { name, ok: true, says: await run() };
  } catch (error) {
    if (signal.aborted) throw error;
    const hint = error instanceof CodedError ? error.hint : undefined;
    return { name, ok: false, says: toMessage(error), ...(hint === undefined ? {} : { hint }) };
  }
}

/** The server's response carries its time, to the second. */
async function checkServer(options: RelayOptions): Promise<{ status: string; skewMs: number }> {
  const transport = connectTransport(options);
  const request = { method: 'GET', path: '/status' } as const;
  const { database, broker } = await transport.requestJson(request, StatusResponse);
  const { headers } = (await transport.open(request)).resume();
  const skewMs = Math.abs(Date.parse(headers.date ?? '') - Date.now());
  const parts = [database ? '' : ', its database does not answer', broker ? '' : ', its broker does not answer'];
  return {
    status: `answers at ${requireSetting(options.settings, 'server').host}${parts.join('')}`,
    skewMs,
  };
}

async function checkKey(key: InvestigatorKey): Promise<string> {
  await assertFitKey(key);
  return `${key.fingerprint} can sign and receive answers`;
}

async function checkLogin(options: RelayOptions, key: HeldKey): Promise<string> {
  const relay = connectRelay(options, key);
  const [{ version }, all, online] = await Promise.all([
    relay.request({ method: 'GET', path: '/version' }, VersionResponse),
    relay.countAgents('all'),
    relay.countAgents('online'),
  ]);
  return `the server of version ${version} lets this key in; ${plural(all, 'agent', 'agents')}, ${online} online`;
}

function checkFleet(settings: Settings, rules: EnvironmentRules | undefined): string {
  const fleet = requireSetting(settings, 'fleet');
  if (rules !== undefined && rules.name !== fleet)
    throw new CodedError('other-fleet', `expected ${rules.name}, which the agents were built for, got ${fleet}`, {
      hint: `set MIG_FLEET, or "fleet" in ${settings.configFile}; agents refuse what was signed for another environment`,
    });
  return fleet;
}

async function runChecks(options: RelayOptions, rules: EnvironmentRules | undefined): Promise<Check[]> {
  const { settings, connections } = options;
  const attempt = (name: string, run: () => Promise<string>): Promise<Check> => check(name, run, options.signal);
  const checks = [await attempt('fleet', async () => checkFleet(settings, rules))];
  let skewMs: number | undefined;
  const server = await attempt('server', async () => {
    const answer = await checkServer(options);
    ({ skewMs } = answer);
    return answer.status;
  });
  checks.push(server);
  if (skewMs !== undefined && Number.isFinite(skewMs)) {
    const seconds = Math.round(skewMs / 1000);
    checks.push({
      name: 'clock',
      ok: skewMs <= clockToleranceMs,
      says: `${seconds} s from the server's`,
      ...(skewMs <= clockToleranceMs
        ? {}
        : { hint: 'agents refuse actions from the future and the past; set the clock' }),
    });
  }
  let held: HeldKey | undefined;
  let key: InvestigatorKey | undefined;
  checks.push(
    await attempt('key', async () => {
      held = connections.key(requireSetting(settings, 'key'));
      key = await held.open();
      return checkKey(key);
    }),
  );
  const [login, opened] = [held, key];
  const canLogin = server.ok && login !== undefined && opened !== undefined;
  // Before the rules, which are asked of the server only then: one failure is said once.
  const loggedIn = canLogin ? await attempt('login', () => checkLogin(options, login)) : undefined;
  if (rules !== undefined && opened !== undefined)
    checks.push(
      await attempt('acl', () =>
        checkAccess(
          opened.fingerprint,
          rules,
          loggedIn?.ok === true && login !== undefined ? connectRelay(options, login) : undefined,
        ),
      ),
    );
  return loggedIn === undefined ? checks : [...checks, loggedIn];
}

export async function config(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = parseFlags(argv, configFlags);
  assertOnlyFlags(positionals, 'config');
  const format = readFormat(values);
  const { console, connections, signal, keeper } = context;
  const settings = context.settings();
  const file = readText(values, 'with');
  const rules = file === undefined ? undefined : readEnvironment(file);
  const checks = await runChecks({ settings, connections, signal, keeper }, rules);
  if (format === 'json') console.data(toSafeJson({ configfile: settings.configFile, checks }));
  else {
    console.note(`config file: ${escapeText(settings.configFile)}`);
    for (const { name, ok, says, hint } of checks) {
      const verdict = ok ? console.paintData('good', 'ok   ') : console.paintData('bad', 'wrong');
      console.data(`${verdict} ${name}: ${escapeText(says.replaceAll('\n', ' '))}`);
      if (hint !== undefined) console.note(`      hint: ${escapeText(hint.replaceAll('\n', '; '))}`);
    }
    const former = describeFormerConfig();
    if (former !== undefined) console.note(escapeText(former));
    if (rules === undefined)
      console.note('what the agents let you ask is built into them: mig config -with what "mig-agent config" prints');
  }
  return checks.every(({ ok }) => ok) ? exitCodes.found : exitCodes.error;
}
