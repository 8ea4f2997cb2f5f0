/** Attacks by commands that cannot be handled, with and without a valid signature. */
import { readFileSync } from 'node:fs';
import type { Action } from '../../../protocol/action/action.ts';
import { newActionId } from '../../../protocol/base/identifiers.ts';
import { toCommand } from '../../lab/compose.ts';
import { type Attack, must } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { startVictim, type Victim } from '../victim.ts';
import { mustAnswer } from './held.ts';

/** Points of small order on Curve25519 and its twist, canonical and not (RFC 7748, 7): each derives zero only. */
const smallOrderPoints = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
] as const;

const asBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const good = Buffer.alloc(32, 9).toString('base64');

const keysThatAreNone: readonly string[] = [
  ...smallOrderPoints.map(asBase64),
  // With the highest bit set, which the key exchange ignores.
  ...smallOrderPoints.map((hex) => {
    const bytes = Buffer.from(hex, 'hex');
    bytes[31] = (bytes[31] ?? 0) | 0x80;
    return bytes.toString('base64');
  }),
  Buffer.alloc(31, 9).toString('base64'),
  Buffer.alloc(33, 9).toString('base64'),
  // Another base64 text of the same 32 bytes: it has surplus bits.
  good.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`),
];

async function withVictim<T>(stage: Stage, use: (victim: Victim) => Promise<T>): Promise<T> {
  const victim = await startVictim(stage);
  try {
    return await use(victim);
  } finally {
    await victim.program.stop('SIGKILL');
  }
}

const replyKeys: Attack = {
  name: 'reply key that is none',
  tried: `${keysThatAreNone.length} actions, signed by who may: points of small order, 31 and 33 bytes, another base64 of 32`,
  run: async (stage) => {
    await withVictim(stage, async (victim) => {
      for (const replykey of keysThatAreNone) {
        const { action } = await stage.compose({ replykey });
        const said = await stage
          .send(action, await stage.envelope(action, stage.people.alice), victim.id)
          .catch(() => null);
        must(
          said?.kind === 'refusal' && said.code === 'malformed',
          `${replykey}: ${JSON.stringify(said?.kind ?? 'silent')}`,
        );
      }
      await mustAnswer(stage, victim, 'an honest question');
      const lost = victim.program.lines.filter((line) => line.includes('relay cannot be reached')).length;
      must(lost === 0, `the link was cut ${lost} times`);
    });
    return { by: 'agent', how: 'refused: malformed, each; the link holds' };
  },
};

/** Restarts the agent as a service manager does, until it stays. @returns how often it ended. */
async function keepRunning(victim: Victim, until: Promise<unknown>): Promise<number> {
  let ends = 0;
  let isDone = false;
  const done = until.then(() => {
    isDone = true;
  });
  while (!isDone && ends < 12) {
    await Promise.race([done, victim.program.ended]);
    if (isDone) break;
    ends += 1;
    await victim.restart().catch(() => {});
  }
  return ends;
}

const deadlyCommand: Attack = {
  name: 'command that ends the agent each time',
  tried: 'a signed command whose parameters end the process that checks them, delivered again after each restart',
  run: (stage) =>
    withVictim(stage, async (victim) => {
      const { action } = await stage.compose({
        operations: [{ module: 'fault', parameters: { fault: 'end-agent' } }],
      });
      const saying = stage.send(action, await stage.envelope(action, stage.people.alice), victim.id).catch(() => null);
      const ends = await keepRunning(victim, saying);
      const said = await saying;
      must(said?.kind === 'refusal' && said.code === 'unhandled', `after ${ends} ends: ${JSON.stringify(said)}`);
      await mustAnswer(stage, victim, 'an honest question');
      return { by: 'agent', how: `refused: unhandled, when it had ended the agent ${ends} times` };
    }),
};

function childrenOf({ program }: Victim): string {
  const { pid } = program.child;
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
}

const unsigned: Attack = {
  name: 'unsigned commands that start processes',
  tried: 'commands that nobody signed, or a stranger: does the agent start a module process for them?',
  run: async (stage) => {
    await withVictim(stage, async (victim) => {
      const { action } = await stage.compose();
      const good = await stage.envelope(action, stage.people.stranger);
      const broken = { ...good, payload: Buffer.from('mig action v3\n{}').toString('base64') };
      for (const envelope of [good, broken]) {
        const changed: Action = { ...action, id: newActionId() };
        const command = toCommand(changed, victim.id, envelope);
        stage.broker.forget();
        await stage.broker.send(victim.id, Buffer.from(JSON.stringify(command)));
        const said = await stage.broker.waitForReport(command.id);
        must(said.kind === 'refusal', JSON.stringify(said));
        must(childrenOf(victim) === '', `it started ${childrenOf(victim)}`);
      }
    });
    return { by: 'agent', how: 'refused, and no process was started' };
  },
};

export const commandAttacks: readonly Attack[] = [replyKeys, deadlyCommand, unsigned];
