/** Attacks that make a module wait for ever: files and mappings of a file system that never answers. */
import { existsSync } from 'node:fs';
import { mountSilentFiles, noFuse, type SilentFiles } from '../../../modules/kit/testing/fuse.ts';
import type { Operation } from '../../../protocol/action/action.ts';
import type { AgentMessage } from '../../../protocol/agent-message/agent-message.ts';
import type { OperationResult } from '../../../protocol/result/result.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import { harmless, type Stage } from '../stage.ts';
import { startVictim, type Victim } from '../victim.ts';

type AgentReport = Exclude<AgentMessage, { kind: 'heartbeat' }>;

/** The module reaches its time limit, and is then killed in vain. */
const shortSeconds = 1;
/** Enough for an answer on a busy machine. */
const longSeconds = 15;

interface VictimAnswer {
  readonly report: AgentReport | null;
  readonly answer: OperationResult | null;
}

export async function askVictim(
  stage: Stage,
  { id }: Victim,
  operation: Operation,
  seconds = longSeconds,
): Promise<VictimAnswer> {
  const { action, replyKey } = await stage.compose({ operations: [operation], limits: { seconds } });
  const report = await stage.send(action, await stage.envelope(action, stage.people.alice), id).catch(() => null);
  if (report?.kind !== 'result') return { report, answer: null };
  const opened = new ResultOpener(replyKey.privateKey).open(report.sealed, { action: action.id, agent: id });
  return { report, answer: opened.operations[0] ?? null };
}

async function withSilentFiles<T>(stage: Stage, use: (files: SilentFiles, victim: Victim) => Promise<T>): Promise<T> {
  if (noFuse !== null) throw new Error(noFuse);
  const victim = await startVictim(stage);
  const files = await mountSilentFiles(stage.lab.folder);
  try {
    return await use(files, victim);
  } finally {
    await files.end();
    await victim.program.stop('SIGKILL');
  }
}

function contentOf(files: SilentFiles): Operation {
  return { module: 'file', parameters: { searches: { s1: { paths: [files.folder], contents: ['needle'] } } } };
}

/** Whether the time was up before the module came to the file: it stopped, or it was killed like any other. */
function isEarly({ success, errors, receipt }: OperationResult): boolean {
  if (receipt.cutshort !== 'time') return false;
  return success || errors.some((error) => error.endsWith(' and was killed'));
}

/** Whether the pages of the file were in memory when the module came: it read them, and the file system was not asked. */
function isFromMemory({ receipt }: OperationResult): boolean {
  return receipt.cutshort === null && (receipt.examined.bytes ?? 0) > 0;
}

/** On a busy machine the module may come too late to the file, or find it in memory: then it is asked again. */
async function askUntilHeld(stage: Stage, victim: Victim, files: SilentFiles): Promise<VictimAnswer> {
  for (let tried = 0; tried < 10; tried += 1) {
    const asked = await askVictim(stage, victim, contentOf(files), shortSeconds);
    if (asked.answer === null || !(isEarly(asked.answer) || isFromMemory(asked.answer))) return asked;
  }
  throw new Error(`expected the module to wait for a file within ${shortSeconds} s, in ten tries`);
}

export async function mustAnswer(stage: Stage, victim: Victim, what: string): Promise<void> {
  const { answer, report } = await askVictim(stage, victim, harmless);
  must(answer?.success === true, `${what}: ${JSON.stringify(answer?.errors ?? report)}`);
}

/** More than run side by side. */
const rounds = 3;
/** As many as the agent bears. */
const bearable = 8;
/** As many modules as an agent runs beside each other. */
const atOnce = 2;

const unkillable: Attack = {
  name: 'module that cannot be killed',
  tried:
    'questions on a file of a file system that never answers: the module waits in the kernel, where no signal reaches it',
  run: (stage) =>
    withSilentFiles(stage, async (files, victim) => {
      const said: string[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const { answer } = await askUntilHeld(stage, victim, files);
        must(answer !== null && !answer.success, `no answer says so, but ${JSON.stringify(answer)}`);
        said.push(...answer.errors);
        await mustAnswer(stage, victim, 'the next question');
      }
      return noticedIn('investigator', said.join('\n'), /could not be killed/);
    }),
};

/** The processes end one after the other, each with its memory. */
async function untilAnswered(stage: Stage, victim: Victim): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  for (;;) {
    const { answer, report } = await askVictim(stage, victim, harmless);
    if (answer?.success === true) return;
    must(Date.now() < deadlineMs, `once it is gone: ${JSON.stringify(report)}`);
  }
}

const tooManyUnkillable: Attack = {
  name: 'too many modules that cannot be killed',
  tried: 'questions on such a file until the agent bears no more, then the file system is taken away',
  run: (stage) =>
    withSilentFiles(stage, async (files, victim) => {
      let refused: AgentReport | undefined;
      for (let asked = 0; asked <= bearable + atOnce && refused === undefined; asked += atOnce) {
        const questions = Array.from({ length: atOnce }, () => askUntilHeld(stage, victim, files));
        const reports = (await Promise.all(questions)).map(({ report }) => report);
        must(!reports.includes(null), 'silent');
        refused = reports.find((report) => report !== null && report.kind === 'refusal') ?? undefined;
      }
      must(refused?.kind === 'refusal' && refused.code === 'modules-stuck', JSON.stringify(refused));
      await files.end();
      must(!existsSync(`${files.folder}/held`), 'expected the file system to be gone');
      await untilAnswered(stage, victim);
      return { by: 'agent', how: 'refused: modules-stuck; with the file system gone it answers' };
    }),
};

const heldPages: Attack = {
  name: 'memory that is never read',
  tried: 'a process whose mapped pages come and go, of a file that is read to that process and to nobody else',
  run: (stage) =>
    withSilentFiles(stage, async (files, victim) => {
      const search = { names: ['^fuse-server$'], contents: ['no such thing'], options: { matchall: true } };
      const searches = [search, { ...search, signs: ['altered-code', 'preload'] }];
      for (const one of [...searches, ...searches]) {
        const { answer } = await askVictim(stage, victim, { module: 'memory', parameters: { searches: { s1: one } } });
        must(answer?.success === true, `expected an answer, got ${JSON.stringify(answer?.errors)}`);
        const { skipped } = answer.receipt;
        must(
          skipped.some(({ reason }) => reason === 'remote-file'),
          `nothing says that it was left out: ${JSON.stringify(skipped)}`,
        );
      }
      await mustAnswer(stage, victim, 'the next question');
      must(existsSync(`/proc/${files.pid}`), 'expected the process to be there still');
      return { by: 'investigator', how: 'the receipt says: remote-file; the next question is answered' };
    }),
};

export const heldAttacks: readonly Attack[] = [unkillable, tooManyUnkillable, heldPages];
