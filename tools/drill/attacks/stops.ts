/** Attacks that would turn a question into "found nothing" by unsigned means. */
import { type Attack, must, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';

/** Holds the command back, lets a message go first, and then delivers it. */
async function sendFirst(stage: Stage, toBody: (action: string) => unknown) {
  const { diverted } = await stage.broker.divertCommand(stage.agentId);
  const asking = stage.mig([...stage.question(stage.agentId), '-show', 'all']);
  const command = await diverted;
  const payload = Buffer.from(command.envelope.payload, 'base64').toString('utf8');
  const [, action = ''] = /"id":"([0-9a-f]{32})"/.exec(payload) ?? [];
  await stage.broker.send(stage.agentId, Buffer.from(JSON.stringify(toBody(action))));
  await stage.broker.send(stage.agentId, Buffer.from(JSON.stringify(command)));
  return asking;
}

export const stopAttacks: readonly Attack[] = [
  {
    name: 'relay cancels a question unasked',
    tried: 'the agent is told to stop what nobody stopped, before the command comes',
    run: async (stage) => {
      const { code, stdout, stderr } = await sendFirst(stage, (cancel) => ({ cancel }));
      must(!stdout.includes('found nothing') && code === 3, `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stderr, /1 stopped.*/);
    },
  },
  {
    name: 'relay says that nobody was asked',
    tried: 'no answer is shown, and every count is 0',
    run: async (stage) => {
      const event = (block: string): string =>
        block.includes('event: progress') || block.includes('event:progress')
          ? block.replaceAll(/":\d+/g, '":0')
          : block;
      const { code, stdout, stderr } = await stage.migThrough(
        { report: () => [], event },
        stage.question(stage.agentId),
      );
      must(code === 3 && stdout === '', `exit code ${code}: ${stdout}${stderr}`);
      return noticedIn('investigator', stderr, /answered: 0 fully.*/);
    },
  },
];
