/** The running agent: reads its state, opens the link, handles commands. Run once, it ends when none waits. */

import { realpathSync } from 'node:fs';
import * as z from 'zod';
import { createLog, type Log } from '../host/log.ts';
import { makeFolder } from '../host/make-folder.ts';
import type { RunsModules } from '../modules/host/module-host.ts';
import type { ModuleTable } from '../modules/registry.ts';
import { matchRegex } from '../native/own-process.ts';
import { type AgentFacts, signAgentMessage } from '../protocol/agent-message/agent-message.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import { newInstanceId } from '../protocol/base/identifiers.ts';
import { toInstant } from '../protocol/base/instant.ts';
import type { BakedEnvironment } from '../protocol/environment/environment.ts';
import { warnOfCertificateEnds } from './link/certificate-ends.ts';
import { Link } from './link/link.ts';
import { MessageCounter } from './link/message-counter.ts';
import { agentModuleHost } from './run/agent-module-host.ts';
import { CommandHandler } from './run/command-handler.ts';
import { ProtectedQuestions } from './run/protection.ts';
import { AuditLog } from './state/audit-log.ts';
import { isUnwritable } from './state/durable-file.ts';
import { identityDirectory, loadIdentity } from './state/identity.ts';
import { Outbox } from './state/outbox.ts';
import { ReplayLedger } from './state/replay-ledger.ts';
import { lockStateDirectory, prepareStateDirectory, type StateCode } from './state/state-directory.ts';
import { TrustStore } from './state/trust-store.ts';
import { readFacts } from './system/facts.ts';
import { IdleMemory } from './system/idle-memory.ts';
import { Attempts } from './verify/attempts.ts';
import type { Verifier } from './verify/verifier.ts';

export interface DaemonOptions {
  readonly environment: BakedEnvironment;
  readonly modules: ModuleTable;
  readonly version: string;
  readonly stateDirectory: string;
}

/** How long running modules may go on after the agent was told to stop; less than the service manager's patience. */
const stopGraceMs = 30_000;

interface RunningAgent {
  readonly link: Link;
  readonly log: Log;
  readonly close: () => Promise<void>;
}

/** Explains a damaged or unwritable state folder; other errors pass through. */
function explainState(cause: unknown, folder: string): unknown {
  if (isUnwritable(cause))
    return new CodedError<StateCode>('state-unwritable', `expected to write into ${folder}: ${toMessage(cause)}`, {
      cause,
      hint: 'an agent that cannot write down what it does answers nothing: make room, then start it again',
    });
  if (cause instanceof SyntaxError || cause instanceof z.ZodError)
    return new CodedError<StateCode>(
      'state-damaged',
      `expected the state in ${folder} to be whole: ${toMessage(cause)}`,
      {
        cause,
        hint: 'bring the folder back from a backup, or move it away: the agent then starts as another one',
      },
    );
  return cause;
}

/**
 * The relay need not be there.
 * @throws CodedError<StateCode>
 */
export async function startAgent(
  options: DaemonOptions,
  mode: AgentFacts['mode'],
  host?: RunsModules,
): Promise<RunningAgent> {
  try {
    return await start(options, mode, host);
  } catch (cause) {
    throw explainState(cause, options.stateDirectory);
  }
}

async function start(options: DaemonOptions, mode: AgentFacts['mode'], ownHost?: RunsModules): Promise<RunningAgent> {
  const { environment, modules, version, stateDirectory } = options;
  const log = createLog('info', 'mig-agent');
  prepareStateDirectory(stateDirectory);
  await lockStateDirectory(stateDirectory);
  const identity = loadIdentity(stateDirectory);
  const directory = identityDirectory(stateDirectory, identity);
  makeFolder(directory, 0o700);

  const startedMs = Date.now();
  const instance = newInstanceId();
  const audit = new AuditLog(directory);
  const { id, copiedFrom } = identity;
  const isNewCopy = copiedFrom !== null && audit.head.sequence === 0;
  audit.record({ kind: 'started', version, agent: id, ...(isNewCopy ? { copiedfrom: copiedFrom } : {}) });
  const ledger = new ReplayLedger(directory, startedMs - environment.limits.clockSkewSeconds * 1000);
  const facts = () => readFacts(environment, version, mode);
  const trust = await TrustStore.open(directory, environment);
  const verifier: Verifier = {
    environment,
    trust: (nowMs) => trust.current(nowMs),
    modules,
    agent: identity.id,
    startedMs,
    readFacts: facts,
    matchRegex,
  };
  const host = ownHost ?? agentModuleHost(modules, [realpathSync(stateDirectory)]);
  const counter = new MessageCounter(directory);
  const protectedQuestions = new ProtectedQuestions(directory, environment.limits.protectedQuestionsPerHour, startedMs);
  const handler = new CommandHandler({
    verifier,
    speaker: { ...identity, nextSequence: () => counter.next() },
    ledger,
    audit,
    attempts: new Attempts(directory),
    outbox: new Outbox(directory),
    host,
    protectedQuestions,
    stateDirectory: realpathSync(stateDirectory),
    trust,
    log,
  });
  const makeHeartbeat = (link: number) =>
    signAgentMessage(
      {
        kind: 'heartbeat',
        agent: identity.id,
        publickey: identity.publicKey,
        fleet: environment.name,
        instance,
        sequence: counter.next(),
        audit: audit.head,
        reported: handler.reported.list(Date.now()),
        ...(trust.status === null ? {} : { trust: trust.status }),
        facts: facts(),
        link,
        starttime: toInstant(startedMs),
        time: toInstant(Date.now()),
      },
      identity.privateKey,
    );
  const idleMemory = new IdleMemory(log);
  const link = new Link({
    environment,
    agent: identity.id,
    handler,
    makeHeartbeat,
    onActivity: () => idleMemory.touch(),
    log,
    stateDirectory,
  });
  log.info({ agent: identity.id, environment: environment.name, version, mode }, 'starting');
  warnOfCertificateEnds(environment.relay, log);
  await link.open();
  const close = async (): Promise<void> => {
    log.info('stopping');
    await link.drain(stopGraceMs);
    host.close();
    await link.close();
    handler.close();
    ledger.close();
    protectedQuestions.close();
    audit.close();
  };
  return { link, log, close };
}

function waitForSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** Resolves when a signal asked it to stop and what was running has ended or has been let go. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const agent = await startAgent(options, 'daemon');
  await waitForSignal();
  await agent.close();
}

/**
 * Takes what waits for this agent, answers it and ends: for laptops and cron.
 * @returns whether the relay was reached and everything that it had was answered.
 */
export async function runCheckin(options: DaemonOptions): Promise<boolean> {
  const agent = await startAgent(options, 'checkin');
  const outcome = await Promise.race([agent.link.untilIdle(), waitForSignal().then(() => 'stopped' as const)]);
  if (outcome === 'unreachable') agent.log.error('the relay was not reached');
  await agent.close();
  return outcome === 'idle';
}
