/** The agent's entry: its few commands. Each loads only what it needs, so that a module process starts fast. */

import environment from 'mig:environment';
import modules from 'mig:modules';
import { resolve } from 'node:path';
import * as z from 'zod';
import { parseOptions } from '../host/options.ts';
import { reportError } from '../host/report-error.ts';
import { openStandardOutput } from '../host/standard-output.ts';
import { moduleWord } from '../modules/host/module-word.ts';
import { CodedError } from '../protocol/base/coded-error.ts';
import { plural } from '../protocol/base/plural.ts';
import { formerOptions } from './former-options.ts';

// Checking parameters must not compile code at run time.
z.config({ jitless: true });

const output = openStandardOutput();

const usage = `usage: mig-agent [--state FOLDER]           answer investigators until stopped
       mig-agent checkin [--state FOLDER]   answer what waits, then end: for laptops and cron
       mig-agent install [--root FOLDER]    run as a service of this system, or of the image in FOLDER
       mig-agent uninstall [--root FOLDER]  remove the service; its key and audit log stay
       mig-agent status                     whether the service runs, and which agent it is
       mig-agent config                     print what is baked in, secrets masked
       mig-agent verify MANIFEST            compare this executable with the manifest of its build
       mig-agent run MODULE                 run a module here; parameters as JSON on standard input
       mig-agent audit [--json] [--verify] [--since TIME]
                                            print what was asked of this machine, and by whom
       mig-agent --version
`;

async function readState(folder: string | undefined): Promise<string> {
  const { defaultStateDirectory } = await import('./state/state-directory.ts');
  return folder ?? defaultStateDirectory(environment.name);
}

interface AuditOptions {
  readonly json: boolean;
  readonly verify: boolean;
  readonly since?: string | undefined;
}

/** `2026-01-31`, `2026-01-31T07:00:00Z`, or the like. */
function parseSince(text: string): number {
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new CodedError('usage', `expected a time such as 2026-01-31T07:00:00Z after --since, got '${text}'`);
  return timeMs;
}

async function run(module: string | undefined, stateDirectory: string): Promise<number> {
  if (process.platform === 'win32') (await import('./state/state-directory.ts')).prepareStateDirectory(stateDirectory);
  return (await import('./run/run-here.ts')).runModuleHere(environment, modules, module);
}

async function showAudit(stateDirectory: string, options: AuditOptions): Promise<number> {
  const sinceMs = options.since === undefined ? Number.NEGATIVE_INFINITY : parseSince(options.since);
  const [{ verifyAuditLog }, { identityDirectory, readIdentity }, { toAuditJson, toAuditLine }] = await Promise.all([
    import('./state/audit-log.ts'),
    import('./state/identity.ts'),
    import('./state/show-audit.ts'),
  ]);
  const identity = readIdentity(stateDirectory);
  if (identity === null)
    throw new CodedError('no-state', `expected the state of an agent in ${stateDirectory}, got none of this machine`, {
      hint: 'run this as the user that the agent runs as, or name its folder with --state FOLDER',
    });
  const { entries, broken } = verifyAuditLog(identityDirectory(stateDirectory, identity));
  const describe = options.json
    ? undefined
    : await (await import('./state/describe-question.ts')).loadDescriber(modules);
  for (const entry of entries.filter(({ time }) => Date.parse(time) >= sinceMs))
    output.write(`${options.json ? toAuditJson(entry) : toAuditLine(entry, describe)}\n`);
  if (!options.verify) return 0;
  const head = entries.at(-1);
  const verdict =
    broken === null
      ? `the chain of ${plural(entries.length, 'entry', 'entries')} holds; its head is ${head?.sequence ?? 0} ${head?.hash ?? 'none'}`
      : `entry ${broken} does not follow from the one before`;
  process.stderr.write(`${verdict}\n`);
  return broken === null ? 0 : 1;
}

async function verify(path: string | undefined): Promise<number> {
  if (path === undefined)
    throw new CodedError('usage', 'expected the path of a manifest, got none', { hint: 'see mig-agent --help' });
  const { compareWithManifest, readManifest, toComparisonLine } = await import('./system/verify-manifest.ts');
  const rows = await compareWithManifest(readManifest(path), environment, MIG_VERSION);
  for (const row of rows) output.write(`${toComparisonLine(row)}\n`);
  return rows.every(({ expected, actual }) => expected === actual) ? 0 : 1;
}

async function changeSystem(command: 'install' | 'uninstall', root: string): Promise<number> {
  const { loadServiceManager } = await import('./install/load-manager.ts');
  const manager = await loadServiceManager();
  for (const line of manager[command](environment, resolve(root))) output.write(`${line}\n`);
  return 0;
}

async function showStatus(stateDirectory: string): Promise<number> {
  const { readStatus } = await import('./install/status.ts');
  const { lines, isRunning } = await readStatus(environment, stateDirectory);
  for (const line of lines) output.write(`${line}\n`);
  return isRunning ? 0 : 1;
}

async function answer(command: 'daemon' | 'checkin', stateDirectory: string): Promise<number> {
  const { runCheckin, runDaemon } = await import('./daemon.ts');
  const options = { environment, modules, version: MIG_VERSION, stateDirectory };
  if (command === 'checkin') return (await runCheckin(options)) ? 0 : 1;
  await runDaemon(options);
  return 0;
}

/** The agent under Windows' service manager, which is told when it runs and ends, and says when to stop. */
async function serve(folder: string | undefined): Promise<number> {
  const { prepareStateDirectory, serviceStateDirectory } = await import('./state/state-directory.ts');
  const stateDirectory = folder ?? serviceStateDirectory(environment.name);
  prepareStateDirectory(stateDirectory);
  const [{ startService }, { serviceName }] = await Promise.all([
    import('../native/own-process.ts'),
    import('../host/systemd-unit.ts'),
  ]);
  const tellStopped = startService(serviceName(environment.name), () => process.emit('SIGTERM'));
  // After an error it is not told: the service manager takes the end of the process for a crash, and starts it again.
  const code = await answer('daemon', stateDirectory);
  tellStopped();
  return code;
}

async function main(): Promise<number> {
  const { values, positionals } = parseOptions(
    {
      allowPositionals: true,
      options: {
        version: { type: 'boolean', short: 'V', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        state: { type: 'string' },
        root: { type: 'string', default: '/' },
        json: { type: 'boolean', default: false },
        verify: { type: 'boolean', default: false },
        since: { type: 'string' },
      },
    },
    formerOptions,
  );
  const [command, argument] = positionals;
  if (values.version) {
    const { configHashOf } = await import('../protocol/environment/manifest.ts');
    const config = configHashOf(environment).slice(0, 16);
    output.write(`mig-agent ${MIG_VERSION} ${environment.name} config ${config}\n`);
  } else if (values.help || command === 'help') output.write(usage);
  else if (command === moduleWord)
    await (await import('../modules/host/module-process.ts')).runModuleProcess(modules, argument);
  else if (command === 'service') return serve(values.state);
  else if (command === 'run') return run(argument, await readState(values.state));
  else if (command === 'audit') return showAudit(await readState(values.state), values);
  else if (command === 'config') {
    const [{ toShownConfig }, { readConfinement }] = await Promise.all([
      import('./show-config.ts'),
      import('../native/own-process.ts'),
    ]);
    const here = { modules: Object.keys(modules), confinement: readConfinement() };
    output.write(`${JSON.stringify(toShownConfig(environment, here, MIG_VERSION), null, 2)}\n`);
  } else if (command === 'verify') return verify(argument);
  else if (command === 'install' || command === 'uninstall') return changeSystem(command, values.root);
  else if (command === 'status') return showStatus(await readState(values.state));
  else if (command === undefined || command === 'checkin')
    return answer(command ?? 'daemon', await readState(values.state));
  else
    throw new CodedError('usage', `expected a command of mig-agent, got '${command}'`, {
      hint: 'see mig-agent --help',
    });
  return 0;
}

// With nobody listening, Node would open a debugger to every process of this user.
process.on('SIGUSR1', () => {});

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    reportError(error);
    process.exit(2);
  },
);
