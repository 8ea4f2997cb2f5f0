/** Rounds of chaos: actions are submitted, a fault strikes, and afterwards nothing may be lost or doubled. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentsResponse } from '../../protocol/api/api.ts';
import { newReplyKey } from '../../protocol/result/sealed.ts';
import { eventually } from '../../tools/lab/eventually.ts';
import type { Fault } from './faults.ts';
import { type Account, type AskedAction, settle } from './ledger.ts';
import { agentProcesses, agentsPerProcess, Platform } from './platform.ts';

const agentCount = agentProcesses * agentsPerProcess;
const actionsPerRound = 2;
const patienceMs = 90_000;
const askAgainMs = 200;
/** An action is taken and sent within about this time; it is done within about a second. */
const longestDelayMs = { submission: 150, work: 500 } as const;

export interface Chaos {
  readonly commands: number;
  readonly interrupted: number;
  /** Losses, duplicates and open ends: one sentence each. */
  readonly findings: readonly string[];
}

/** Tries on every server that is up until one answers. */
async function persist<T>(platform: Platform, ask: () => Promise<T>): Promise<T> {
  const deadlineMs = Date.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    const { api } = platform.servers[attempt % platform.servers.length] ?? { api: null };
    try {
      if (api === null) throw new Error('this server is down');
      platform.alice.pointAt(api.url, api.ca);
      return await ask();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await sleep(askAgainMs);
    }
  }
}

/** Sends the same action until it is taken; a refusal as a duplicate counts as taken. */
async function submit(platform: Platform, path: string): Promise<AskedAction> {
  const { alice } = platform;
  const action = alice.newAction({
    fleet: 'chaos',
    target: 'all',
    operations: [{ module: 'file', parameters: { searches: { s1: { paths: [path] } } } }],
    replykey: newReplyKey().publicKey,
  });
  const submission = await alice.newSubmission(action);
  await persist(platform, async () => {
    const { status, body } = await alice.call('POST', '/actions', submission);
    if (status !== 201 && status !== 409) throw new Error(`expected 201, got ${JSON.stringify(body)}`);
  });
  return { id: action.id, path };
}

async function countOpen({ sql }: Platform): Promise<number> {
  const { rows } = await sql.query(
    "SELECT count(*) AS open FROM commands WHERE state IN ('queued', 'sent', 'running')",
  );
  return Number(rows[0].open);
}

interface Round {
  readonly fault: string;
  /** Commands without an answer when the fault struck. */
  readonly open: number;
  readonly accounts: readonly Account[];
}

async function runRound(platform: Platform, fault: Fault): Promise<Round> {
  const paths = Array.from({ length: actionsPerRound }, () => `/chaos/${randomUUID()}`);
  const submitting = Promise.all(paths.map((path) => submit(platform, path)));
  if (fault.during === 'work') await eventually(async () => (await countOpen(platform)) > 0, patienceMs);
  await sleep(Math.random() * longestDelayMs[fault.during]);
  const open = await countOpen(platform);
  await fault.strike(platform);
  const actions = await submitting;
  await eventually(async () => (await countOpen(platform)) === 0, patienceMs).catch(() => {
    // The ledger finds what is still open.
  });
  return { fault: fault.name, open, accounts: await Promise.all(actions.map((action) => settle(platform, action))) };
}

function sum(rounds: readonly Round[], figure: (account: Account) => number): number {
  return rounds.flatMap(({ accounts }) => accounts).reduce((total, account) => total + figure(account), 0);
}

function toLine(round: Round, seconds: number): string {
  const [succeeded, interrupted] = (['succeeded', 'interrupted'] as const).map((state) =>
    sum([round], (account) => account[state]),
  );
  const { fault, open } = round;
  return `${fault}, with ${open} open: ${succeeded} succeeded, ${interrupted} interrupted, ${seconds.toFixed(1)} s`;
}

/**
 * A round for each of these faults.
 * @param print is given a line for each round.
 * @param inspect sees the platform after the last round.
 */
export async function runChaos(
  faults: readonly Fault[],
  print: (line: string) => void,
  inspect: (platform: Platform) => Promise<void> = async () => {},
): Promise<Chaos> {
  const platform = await Platform.start();
  try {
    await persist(platform, () => platform.alice.logIn());
    await eventually(async () => {
      const { body } = await platform.alice.call('GET', '/agents?limit=0');
      return AgentsResponse.parse(body).total === agentCount;
    }, patienceMs);
    const rounds: Round[] = [];
    for (const fault of faults) {
      const startedMs = performance.now();
      const round = await runRound(platform, fault);
      rounds.push(round);
      print(toLine(round, (performance.now() - startedMs) / 1000));
    }
    await inspect(platform);
    const findings = rounds.flatMap(({ fault, accounts }) =>
      accounts.flatMap((account) => account.findings.map((finding) => `${fault}: ${finding}`)),
    );
    const commands = rounds.length * actionsPerRound * agentCount;
    return { commands, interrupted: sum(rounds, ({ interrupted }) => interrupted), findings };
  } finally {
    await platform.close();
  }
}
