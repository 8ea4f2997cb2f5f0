/**
 * An agent under fire: the real link, verification, ledger, outbox and audit log on a state directory of its own. Only
 * the module is made up, so that each run of it can be counted and takes long enough to be killed in.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { AuditLog } from '../../agent/audit-log.ts';
import { CommandHandler } from '../../agent/command-handler.ts';
import { readFacts } from '../../agent/facts.ts';
import { identityDirectory, loadIdentity } from '../../agent/identity.ts';
import { Link } from '../../agent/link.ts';
import { Outbox } from '../../agent/outbox.ts';
import { ProtectedQuestions } from '../../agent/protection.ts';
import { ReplayLedger } from '../../agent/replay-ledger.ts';
import { readBakedKeys } from '../../agent/verification.ts';
import { spec as fileSpec } from '../../modules/file/spec.ts';
import { matchRegex } from '../../modules/shared/engine.ts';
import { toInstant } from '../../protocol/action.ts';
import { signAgentMessage } from '../../protocol/agent-message.ts';
import type { BakedEnvironment } from '../../protocol/environment.ts';
import { newInstanceId } from '../../protocol/identifiers.ts';
import { emptyReceipt, type OperationResult } from '../../protocol/result.ts';

const version = '0.1.0';
/** A module takes up to so long. */
const longestRunMs = 400;

const runsFile = 'runs.jsonl';

/** The parameters of each run, as the module saw them. */
export function readRuns(directory: string): string[] {
  const path = join(directory, runsFile);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

function countingHost(directory: string) {
  return {
    prepare: () => {},
    run: async (_module: string, parameters: unknown): Promise<OperationResult> => {
      appendFileSync(join(directory, runsFile), `${JSON.stringify(parameters)}\n`);
      await sleep(Math.random() * longestRunMs);
      const statistics = {
        filescount: 0,
        directoriescount: 0,
        bytesread: 0,
        openfailed: 0,
        totalhits: 0,
        exectime: '0s',
      };
      const found = { success: true, foundanything: false, elements: { s1: [] }, statistics };
      return { ...found, errors: [], receipt: emptyReceipt() };
    },
  };
}

/** @returns its id, when it is on its way to the relay. */
export async function startAgent(environment: BakedEnvironment, stateDirectory: string): Promise<string> {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const identity = loadIdentity(stateDirectory);
  const directory = identityDirectory(stateDirectory, identity);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = pino({ level: 'silent' });
  const startedMs = Date.now();
  const instance = newInstanceId();
  const keys = readBakedKeys(environment);
  const facts = () => readFacts(environment, version, 'daemon');
  const handler = new CommandHandler({
    verifier: {
      environment,
      readKeys: () => keys,
      modules: { file: { loadSpec: async () => fileSpec, loadRun: () => Promise.reject(new Error('not run here')) } },
      agent: identity.id,
      startedMs,
      readFacts: facts,
      matchRegex,
    },
    identity,
    ledger: new ReplayLedger(directory, startedMs - environment.limits.clockSkewSeconds * 1000),
    audit: new AuditLog(directory),
    outbox: new Outbox(directory),
    host: countingHost(directory),
    protectedQuestions: new ProtectedQuestions(directory, environment.limits.protectedQuestionsPerHour, startedMs),
    log,
  });
  const makeHeartbeat = () =>
    signAgentMessage(
      {
        kind: 'heartbeat',
        agent: identity.id,
        publickey: identity.publicKey,
        fleet: environment.name,
        instance,
        facts: facts(),
        starttime: toInstant(startedMs),
        time: toInstant(Date.now()),
      },
      identity.privateKey,
    );
  await new Link({ environment, agent: identity.id, handler, makeHeartbeat, log, stateDirectory }).open();
  return identity.id;
}
