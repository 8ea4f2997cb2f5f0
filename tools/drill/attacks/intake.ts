/** Attacks by large or deeply structured messages: on the relay by agents, on agents and `mig` by a relay. */
import { readFileSync, writeFileSync } from 'node:fs';
import { maximumAgentMessageBytes, maximumCommandBytes } from '../../../protocol/base/limits.ts';
import { toCanonicalJson } from '../../../protocol/base/strict-json.ts';
import { heartbeatsExchange, reportsExchange } from '../../../protocol/topology.ts';
import { HostileAgent, newHeartbeat } from '../../fuzz/hostile-agent.ts';
import type { SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type Attack, must, type Noticed, noticedIn } from '../attack.ts';
import { fleet } from '../fleet.ts';
import type { Stage } from '../stage.ts';
import { assertHonestAnswer, withSilentAgent } from '../with-agent.ts';

/** Peak growth of the relay during the sending, in MiB. */
async function peakOfRelay(stage: Stage, send: () => Promise<void>): Promise<number> {
  const folder = `/proc/${stage.relayProgram.child.pid}`;
  const read = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`${folder}/status`, 'utf8'))?.[1]) / 1024;
  // Resets the peak to the resident memory (proc(5)).
  writeFileSync(`${folder}/clear_refs`, '5');
  await send();
  await assertHonestAnswer(stage);
  return read('VmHWM');
}

/** A message of the largest size with nothing but empty arrays behind the head of an agent's message. */
function emptyArrays(bytes: number): Buffer {
  const head = Buffer.concat([Buffer.alloc(96), Buffer.from('mig agent v4\n'), Buffer.from([0, 0, 0xff, 0xff])]);
  return Buffer.concat([head, Buffer.from(`[${'[],'.repeat((bytes - head.length) / 3 - 2)}[]]`)]);
}

function heartbeatOf(facts: object, name = 'mallory'): Buffer {
  const common = { queueloc: 'linux.mallory', mode: 'daemon', version: '1', environment: {}, tags: {} };
  return toCanonicalJson(newHeartbeat(fleet, { name, ...common, ...facts }));
}

const poisoned = /"msg":"agent message not taken"/;

async function noticedAsPoisoned(stage: Stage): Promise<Noticed> {
  const line = await stage.relayProgram.waitForLine((text) => poisoned.test(text));
  return noticedIn('relay', line, poisoned);
}

/** Sends the largest honest message, then the hostile ones. These may need at most 64 MiB more memory. */
async function compareMemory(stage: Stage, agent: SimulatedAgent, hostile: readonly Buffer[]): Promise<string> {
  const liar = new HostileAgent('sealed by nobody');
  const json = toCanonicalJson({
    kind: 'result',
    sequence: 1,
    command: '0'.repeat(32),
    action: '0'.repeat(32),
    actiondigest: '0'.repeat(64),
    state: 'succeeded',
  });
  const around = liar.sign(json, Buffer.alloc(1)).length - 1;
  const largest = liar.sign(json, Buffer.alloc(maximumAgentMessageBytes - around, 1));
  const honestMiB = await peakOfRelay(stage, () => agent.publish(reportsExchange, largest));
  const hostileMiB = await peakOfRelay(stage, async () => {
    for (const body of hostile) await agent.publish(reportsExchange, body);
  });
  must(hostileMiB <= honestMiB + 64, `${Math.round(hostileMiB)} MiB, the largest answer took ${Math.round(honestMiB)}`);
  return `relay at most ${Math.round(hostileMiB)} MiB; with the largest answer ${Math.round(honestMiB)} MiB`;
}

export const intakeAttacks: readonly Attack[] = [
  {
    name: 'unsigned answers of empty arrays',
    tried: 'six million empty arrays in a message, eight times, signed by nobody',
    run: (stage) =>
      withSilentAgent(stage, async (agent) => {
        const bomb = emptyArrays(maximumAgentMessageBytes);
        const how = await compareMemory(stage, agent, Array(8).fill(bomb));
        await stage.relayProgram.waitForLine((text) => poisoned.test(text));
        return { by: 'relay', how };
      }),
  },
  {
    name: 'large message left to the next relay',
    tried: 'the relay is stopped and started while messages of empty arrays wait for it',
    run: (stage) =>
      withSilentAgent(stage, async (agent) => {
        const bomb = emptyArrays(maximumAgentMessageBytes);
        const sent = Array.from({ length: 4 }, () => agent.publish(reportsExchange, bomb));
        await stage.restartRelay();
        await Promise.all(sent);
        await assertHonestAnswer(stage);
        return noticedAsPoisoned(stage);
      }),
  },
  {
    name: 'signed answer of empty arrays',
    tried: 'twenty thousand empty arrays where 64 KiB of JSON are expected, and a megabyte of them, rightly signed',
    run: (stage) =>
      withSilentAgent(stage, async (agent) => {
        const liar = new HostileAgent('a liar');
        for (const count of [20_000, 350_000])
          for (const exchange of [reportsExchange, heartbeatsExchange])
            await agent.publish(exchange, liar.sign(Buffer.from(`[${'[],'.repeat(count)}[]]`)));
        await assertHonestAnswer(stage);
        return noticedAsPoisoned(stage);
      }),
  },
  {
    name: 'heartbeat as large as one may be',
    tried: '60 facts of 1,000 letters from a key that was made up on the spot',
    run: (stage) =>
      withSilentAgent(stage, async (agent) => {
        const liar = new HostileAgent('large facts');
        const environment = Object.fromEntries(
          Array.from({ length: 60 }, (_, index) => [`f${index}`, 'x'.repeat(1000)]),
        );
        await agent.publish(heartbeatsExchange, liar.sign(heartbeatOf({ environment }, 'mallory-large')));
        await stage.waitUntilListed(liar.id);
        const { code, stderr } = await stage.mig(['witness']);
        must(code !== 2, `mig witness: exit code ${code}: ${stderr}`);
        const asked = await stage.mig(['file', '-t', 'all', '-path', stage.folder, '-name', '^found$', '-e', '8s']);
        must(asked.code === 3 && asked.stdout.includes('found'), `exit code ${asked.code}: ${asked.stderr}`);
        return noticedIn('investigator', asked.stderr, /answered: .* silent/);
      }),
  },
  {
    name: 'heartbeat of 100,000 tags',
    tried: 'more tags than fit, and 300 that would fit',
    run: (stage) =>
      withSilentAgent(stage, async (agent) => {
        for (const [index, count] of [100_000, 300].entries()) {
          const tags = Object.fromEntries(Array.from({ length: count }, (_, tag) => [`t${tag}`, '']));
          const liar = new HostileAgent(`many tags ${index}`);
          await agent.publish(heartbeatsExchange, liar.sign(heartbeatOf({ tags }, `mallory-tags${index}`)));
        }
        await assertHonestAnswer(stage);
        const { stdout } = await stage.mig(['agents', '-t', "name LIKE 'mallory-tags%'"]);
        must(!stdout.includes('mallory-tags'), 'an agent of too many tags is listed');
        return noticedAsPoisoned(stage);
      }),
  },
  {
    name: 'wide JSON to the agent',
    tried: 'the relay sends commands of 170,000 empty arrays and objects',
    run: async (stage) => {
      const before = await stage.peakMemoryMiB();
      for (const item of ['[],', '{},', '0,'])
        for (const [open, close] of [
          ['[', '0]'],
          ['{"id":[', '0]}'],
        ] as const) {
          const count = Math.floor((maximumCommandBytes - 16) / item.length);
          await stage.broker.send(stage.agentId, Buffer.from(`${open}${item.repeat(count)}${close}`));
        }
      await assertHonestAnswer(stage);
      const grown = (await stage.peakMemoryMiB()) - before;
      must(grown < 64, `the agent grew by ${Math.round(grown)} MiB`);
      const audit = await stage.audit();
      const line = audit.findLast((text) => text.includes('malformed')) ?? '';
      return noticedIn('owner', line, /malformed/);
    },
  },
  {
    name: 'wide JSON to mig',
    tried: 'a relay answers the list of agents with five million empty arrays',
    run: async (stage) => {
      const body = `{"agents":[${'[],'.repeat(5_000_000)}[]],"next":null,"total":1}`;
      const respond: NonNullable<Parameters<Stage['migThrough']>[0]['respond']> = (path, outgoing) => {
        if (!path.endsWith('/agents/search')) return false;
        outgoing.writeHead(200, { 'content-type': 'application/json' });
        outgoing.end(body);
        return true;
      };
      const { code, stderr } = await stage.migThrough({ respond }, ['agents']);
      must(code === 2, `exit code ${code}: ${stderr}`);
      return noticedIn('investigator', stderr, /expected at most \d+ values in the JSON/);
    },
  },
];
