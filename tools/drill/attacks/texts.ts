/** Attacks by text of the host: any of its users can write a command line or an environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Operation } from '../../../protocol/action/action.ts';
import { type Attack, must } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim } from '../victim.ts';
import { askVictim, mustAnswer } from './held.ts';

/** One letter before them: a cut at an even number of UTF-16 units then cuts one in two. */
const emoji = `a${'😀'.repeat(5000)}`;

/** As a user without rights, where possible. */
async function startAsNobody(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn('/bin/sh', ['-c', 'sleep 300; :', ...args], { ...nobody, env, cwd: '/', stdio: 'ignore' });
  await once(child, 'spawn');
  return child;
}

/** For both cuts of the pair: with one letter before it and with two. */
async function askOf(stage: Stage, start: (text: string) => Promise<ChildProcess>, operation: Operation) {
  const victim = await startVictim(stage);
  const children = [await start(emoji), await start(`b${emoji}`)];
  try {
    const { answer, report } = await askVictim(stage, victim, operation);
    must(answer?.success === true, `not answered: ${JSON.stringify(answer?.errors ?? report)}`);
    must(answer.foundanything, 'the intruder was not found');
    await mustAnswer(stage, victim, 'the next question');
    must(
      victim.program.lines.filter((line) => line.includes('relay cannot be reached')).length === 0,
      'the link was cut',
    );
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await victim.program.stop('SIGKILL');
  }
  return { by: 'investigator', how: 'the process is found, and its text is cut between letters' } as const;
}

export const textAttacks: readonly Attack[] = [
  {
    name: 'cut emoji in a command line',
    tried: 'processes of an unprivileged user whose command lines have one where the process module cuts',
    run: (stage) =>
      askOf(stage, (text) => startAsNobody([text]), {
        module: 'process',
        parameters: { searches: { s1: { cmds: ['^/bin/sh -c sleep 300'] } } },
      }),
  },
  {
    name: 'cut emoji in an environment',
    tried: 'processes whose LD_PRELOAD has one where the memory module cuts',
    run: (stage) =>
      askOf(stage, (text) => startAsNobody([], { LD_PRELOAD: text }), {
        module: 'memory',
        parameters: { searches: { s1: { names: ['^sh$'], signs: ['preload'], options: { matchall: true } } } },
      }),
  },
];
