/** Attacks on the link between an agent and its relay: by cuts, and by messages that are too large for it. */

import type { AgentMessage } from '../../../protocol/agent-message/agent-message.ts';
import { eventually } from '../../lab/eventually.ts';
import type { Direction } from '../../lab/wire.ts';
import { type Attack, must } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim } from '../victim.ts';
import { askVictim, mustAnswer } from './held.ts';

/** More frames than an agent sends or receives until it listens to its queue. */
const framesOfSetUp = 16;
const patienceMs = 30_000;
/** Three frames each. */
const messagesBehind = 2;

function within<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function resetAtEach(stage: Stage, way: Direction): Promise<void> {
  const victim = await startVictim(stage);
  const { program } = victim;
  const linksHeard = (): number[] =>
    stage.broker.heard.flatMap((message) =>
      message.kind === 'heartbeat' && message.agent === victim.id ? [message.link] : [],
    );
  try {
    for (let frame = 0; frame < framesOfSetUp; frame += 1) {
      const reset = stage.wire.resetNextAt(way, frame);
      stage.wire.resetLast();
      // They come and are refused when the connection is set up: without them only heartbeats make more frames.
      for (let sent = 0; sent < messagesBehind; sent += 1) await stage.broker.send(victim.id, Buffer.from('{}'));
      const happened = await within(Promise.race([reset.then(() => true), program.ended.then(() => false)]));
      must(happened === true && program.isRunning, `the agent ended at frame ${frame - 1}: ${program.lines.at(-1)}`);
      const before = Math.max(...linksHeard());
      const isNewLink = (message: AgentMessage): boolean =>
        message.kind === 'heartbeat' && message.agent === victim.id && message.link > before;
      const isBack = async (): Promise<void> => {
        await stage.broker.wait(isNewLink, patienceMs);
        await eventually(() => stage.broker.hasReader(victim.id), patienceMs);
      };
      const back = await isBack().then(
        () => true,
        () => null,
      );
      must(
        back !== null,
        `after a reset at frame ${frame} it did not come back: ${program.lines.slice(-2).join('; ')}`,
      );
    }
    await mustAnswer(stage, victim, 'an honest question');
  } finally {
    stage.wire.disarm();
    await program.stop('SIGKILL');
  }
}

const largestMessageBytes = 1024 * 1024;

const tooLarge: Attack = {
  name: 'answer that the broker does not take',
  only: 'embedded',
  tried: 'a question whose answer is larger than the messages that the broker takes, then an honest one',
  run: async (stage) => {
    stage.broker.boundMessages(largestMessageBytes);
    const victim = await startVictim(stage);
    try {
      const fill = { module: 'fault', parameters: { fault: 'fill' } };
      const { answer, report } = await askVictim(stage, victim, fill);
      must(answer !== null, `silent: ${JSON.stringify(report)}`);
      must(!answer.success && answer.receipt.cutshort === 'result-size', JSON.stringify(answer.receipt));
      await mustAnswer(stage, victim, 'an honest question');
      await victim.program.stop();
      const lines = await stage.audit(victim.folder.slice(stage.lab.path('').length));
      must(
        lines.some((line) => line.includes('could not be delivered')),
        'nothing in the audit log',
      );
      return { by: 'investigator', how: `${answer.errors.join('; ')}; also in the audit log` };
    } finally {
      stage.broker.boundMessages(null);
      await victim.program.stop('SIGKILL');
    }
  },
};

export const linkAttacks: readonly Attack[] = [
  ...(['received', 'sent'] as const).map(
    (way): Attack => ({
      name: `connection reset at each frame that the agent has ${way}`,
      tried: `RST at each of the first ${framesOfSetUp} frames of a connection`,
      run: async (stage) => {
        await resetAtEach(stage, way);
        return { by: 'agent', how: 'it stays, comes back each time, and answers' };
      },
    }),
  ),
  tooLarge,
];
