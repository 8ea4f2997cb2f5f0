/** Attacks on an agent's own things: its key, its audit log, its place on the host, and its work for a leaver. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, realpathSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Action } from '../../../protocol/action/action.ts';
import type { AgentMessage } from '../../../protocol/agent-message/agent-message.ts';
import { Fingerprint, sha256Hex } from '../../../protocol/base/identifiers.ts';
import { ResultOpener } from '../../../protocol/result/sealed.ts';
import { toCommand } from '../../lab/compose.ts';
import type { LabInvestigator } from '../../lab/investigator-key.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim, type Victim } from '../victim.ts';

/** The answer to a file operation that both people have signed. */
async function askTogether(stage: Stage, search: object) {
  const { alice, bob } = stage.people;
  const operation = { module: 'file', parameters: { searches: { s1: search } } };
  const { action, replyKey } = await stage.compose({ operations: [operation] });
  const report = await stage.send(action, await stage.envelope(action, alice, bob));
  must(report.kind === 'result', JSON.stringify(report));
  const opener = new ResultOpener(replyKey.privateKey);
  const [answer] = opener.open(report.sealed, { action: action.id, agent: stage.agentId }).operations;
  must(answer !== undefined, 'no answer');
  return answer;
}

const ownKey: Attack = {
  name: "agent's own key read out letter by letter",
  tried: 'two people ask about the content of its state folder, by its name, through /proc and among other files',
  run: async (stage) => {
    const folder = stage.lab.path('agent');
    const contents = ['"privatekey":"MC4CAQ'];
    for (const path of [folder, `/proc/${stage.agent.child.pid}/root${folder}`]) {
      const among = await askTogether(stage, { paths: [path], contents });
      must(!among.foundanything, `found in ${path}: ${JSON.stringify(among)}`);
    }
    const named = await askTogether(stage, { paths: [join(folder, 'identity.json')], contents });
    must(!named.success && !named.foundanything, JSON.stringify(named));
    return noticedIn('investigator', named.errors.join('\n'), /^protected here[^:]*/);
  },
};

const hiddenNames: Attack = {
  name: 'name of a hidden file guessed letter by letter',
  tried: 'paths and patterns that lead to it, and filters of names, against those that lead to nothing',
  run: async (stage) => {
    const folder = join(stage.folder, 'hidden');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'merger-plan'), '');
    const toSearches = (letter: string) => [
      { paths: [join(folder, `${letter}*`)], sizes: ['<1k'] },
      { paths: [join(stage.folder, 'h*', `${letter}*`)], sizes: ['<1k'] },
      { paths: [stage.folder], names: [`^${letter}`] },
    ];
    const said = async (search: object, letter: string): Promise<string> => {
      const { success, foundanything, elements, errors, receipt } = await askTogether(stage, search);
      const { examined, skipped } = receipt;
      const text = JSON.stringify({ success, foundanything, elements, errors, examined, skipped });
      return text.replaceAll(`/${letter}*`, '/?*');
    };
    const answers: [string, string][] = [];
    for (const [index, right] of toSearches('m').entries())
      answers.push([await said(right, 'm'), await said(toSearches('z')[index] ?? {}, 'z')]);
    // Hidden files make other answers partial.
    rmSync(folder, { recursive: true });
    for (const [there, absent] of answers) must(there === absent, `${there} where it begins so, else ${absent}`);
    return { by: 'agent', how: 'the answer is the same whether or not the name begins so' };
  },
};

/** Sends without waiting for the answer. */
async function ask(stage: Stage, by: LabInvestigator, changes: Partial<Action>) {
  const { action, replyKey } = await stage.compose(changes);
  const envelope = await stage.envelope(action, by);
  const command = toCommand(action, stage.agentId, envelope);
  await stage.broker.send(stage.agentId, Buffer.from(JSON.stringify(command)));
  return { action, command: command.id, opener: new ResultOpener(replyKey.privateKey) };
}

/** More commands than the broker hands to an agent at once. */
const leaverQuestions = 600;

const leaverAtWork: Attack = {
  name: 'question of a leaver that is being carried out',
  tried: `${leaverQuestions} long questions of a person whom a trust list behind them revokes`,
  run: async (stage) => {
    const { guest } = stage.people;
    stage.broker.forget();
    const long = { operations: [{ module: 'fault', parameters: { fault: 'wait' } }] };
    const running = [await ask(stage, guest, long), await ask(stage, guest, long)];
    const isRunning = (message: AgentMessage): boolean =>
      message.kind === 'running' && running.some(({ command }) => command === message.command);
    await stage.broker.wait(isRunning);
    const asked = [...running];
    while (asked.length < leaverQuestions) asked.push(await ask(stage, guest, long));
    await stage.trust({ revokedkeys: [Fingerprint.parse(guest.fingerprint)] });
    for (const { action, command, opener } of asked) {
      const report = await stage.broker.waitForReport(command).catch(() => null);
      must(report !== null, 'it goes on');
      if (report.kind === 'refusal') {
        must(report.code === 'key-revoked' || report.code === 'busy', JSON.stringify(report));
        continue;
      }
      must(report.state === 'cancelled', `it went on: ${report.state}`);
      const { operations } = opener.open(report.sealed, { action: action.id, agent: stage.agentId });
      must(!operations.some(({ success }) => success), `what was found left the host: ${JSON.stringify(operations)}`);
    }
    return noticedIn('owner', (await stage.audit()).join('\n'), /reported [0-9a-f]{32} cancelled, nothing found/);
  },
};

const messages = 2000;

const floodedLog: Attack = {
  name: 'audit log flooded',
  tried: `${messages} messages that no investigator signed, to drive what was asked out of the log`,
  run: async (stage) => {
    const victim = await startVictim(stage);
    const { action } = await stage.compose();
    const first = await stage.send(action, await stage.envelope(action, stage.people.alice), victim.id);
    must(first.kind === 'result', JSON.stringify(first));
    for (let sent = 0; sent < messages; sent += 1)
      await stage.broker.send(victim.id, Buffer.from(JSON.stringify({ ['x'.repeat(2500)]: sent })));
    const last = await stage.compose();
    const after = await stage.send(last.action, await stage.envelope(last.action, stage.people.alice), victim.id);
    must(after.kind === 'result', JSON.stringify(after));
    await victim.program.stop();
    const lines = await stage.audit(victim.folder.slice(stage.lab.path('').length));
    const refused = lines.filter((line) => line.includes(': malformed '));
    must(refused.length > 0 && refused.length < 100, `${refused.length} lines in the audit log`);
    must(lines.join('\n').length < 100_000, `${lines.join('\n').length} bytes in the audit log`);
    return noticedIn('owner', lines.join('\n'), /\d{4} more of 'refused malformed' were counted only/);
  },
};

/** Takes the name of the agent's lock, as another user. */
async function squat(name: string): Promise<ChildProcess> {
  const code = `require('node:net').createServer().listen('\\0${name}', () => console.log('taken'))`;
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, ['-e', code], { ...nobody, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout ?? child, 'data');
  return child;
}

const squattedLock: Attack = {
  name: 'lock of the state folder taken by an unprivileged user',
  tried: 'a socket of the name by which agents keep others from their state folder, before the agent starts',
  run: async (stage) => {
    const victim = await startVictim(stage);
    await victim.program.stop();
    const squatter = await squat(`mig-agent-${sha256Hex(realpathSync(victim.folder))}`);
    try {
      const id = await victim.restart().catch(() => null);
      must(id === victim.id, 'the agent does not start');
      await victim.program.stop();
    } finally {
      squatter.kill('SIGKILL');
    }
    return { by: 'agent', how: 'it starts: the lock is in the folder, where nobody else can write' };
  },
};

/** Limits the size of a process's files, by prlimit(1) of util-linux: writes beyond it end early, as on a full disk. */
function limitFiles({ program }: Victim, sizeBytes: number | 'unlimited'): void {
  const { status } = spawnSync('prlimit', ['--pid', String(program.child.pid), `--fsize=${sizeBytes}:unlimited`]);
  if (status !== 0) throw new Error(`expected prlimit to do it, got ${status}`);
}

const fullDisk: Attack = {
  name: 'disk filled by an unprivileged user',
  tried: 'no room for what the agent writes, in the middle of a line of its log',
  run: async (stage) => {
    const victim = await startVictim(stage);
    const log = join(victim.folder, victim.id.slice(0, 16), 'audit.jsonl');
    limitFiles(victim, statSync(log).size + 20);
    const { action } = await stage.compose();
    const refused = await stage.send(action, await stage.envelope(action, stage.people.alice), victim.id);
    must(refused.kind === 'refusal' && refused.code === 'state-unwritable', JSON.stringify(refused));
    limitFiles(victim, 'unlimited');
    await victim.program.stop();
    // The file for the next numbers of its messages.
    const inTheWay = join(dirname(log), 'counter.json.new');
    mkdirSync(inTheWay);
    const id = await victim.restart().catch(() => null);
    must(id === victim.id, 'the agent does not start any more');
    await victim.program.waitForLine((line) => line.includes('could not send a heartbeat'));
    rmdirSync(inTheWay);
    await stage.nextHeartbeat(victim.id).catch(() => must(false, 'its heartbeats have stopped for good'));
    const next = await stage.compose();
    const answer = await stage.send(next.action, await stage.envelope(next.action, stage.people.alice), victim.id);
    await victim.program.stop();
    must(answer.kind === 'result' && answer.state === 'succeeded', JSON.stringify(answer));
    await stage.audit(victim.folder.slice(stage.lab.path('').length));
    return {
      by: 'agent',
      how: 'refused as state-unwritable; with room again it answers, its heartbeats go on, and the chain of its log holds',
    };
  },
};

export const ownedAttacks: readonly Attack[] = [ownKey, hiddenNames, floodedLog, fullDisk, squattedLock, leaverAtWork];
