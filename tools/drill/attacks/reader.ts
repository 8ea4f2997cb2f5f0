/** Attacks on a reading `mig`: answers that should exhaust it, and a relay that never ends. */
import type { ServerResponse } from 'node:http';
import { deflateRawSync } from 'node:zlib';
import { parseSignedBytes } from '../../../protocol/action/envelope.ts';
import type { Report } from '../../../protocol/api/api.ts';
import { sha256Hex } from '../../../protocol/base/identifiers.ts';
import { seal, toPublicKey } from '../../../protocol/reply-key/hpke.ts';
import { reportsExchange } from '../../../protocol/topology.ts';
import type { ReceivedCommand, SimulatedAgent } from '../../lab/simulated-agent.ts';
import { type Attack, must, noticedIn } from '../attack.ts';
import type { Stage } from '../stage.ts';
import { withAgent } from '../with-agent.ts';

/** Empty arrays: 168 kB sealed, 4 GB of memory when parsed. */
const values = 43_000_000;
/** After this time the relay ends, so that the drill ends. */
const patienceMs = 120_000;

function toBomb({ command }: ReceivedCommand, agent: SimulatedAgent): Buffer {
  const bytes = Buffer.from(command.envelope.payload, 'base64');
  const { id, replykey } = parseSignedBytes(bytes);
  const plain = Buffer.concat([
    Buffer.from(
      `{"action":"${id}","actiondigest":"${sha256Hex(bytes)}","agent":{"id":"${agent.id}","name":"mallory"},`,
    ),
    Buffer.from('"operations":['),
    Buffer.alloc(3 * values, '[],'),
    Buffer.from('[]]}'),
  ]);
  const binding = { info: Buffer.from('mig result v3'), aad: Buffer.from(`${id}:${agent.id}`) };
  const recipient = toPublicKey(Buffer.from(replykey, 'base64'));
  const sealed = seal(deflateRawSync(plain, { level: 9 }), recipient, binding);
  return agent.result(command, 'succeeded', sealed);
}

function questionTo(stage: Stage, ids: readonly string[], expiry = '60s'): string[] {
  const target = `id IN (${ids.map((id) => `'${id}'`).join(', ')})`;
  return ['file', '-t', target, '-path', stage.folder, '-name', '^found$', '-e', expiry];
}

function sendJson(outgoing: ServerResponse, body: unknown): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(body));
}

/** @returns `respond` of a relay that has no end; it refuses everything once the drill's patience is over. */
function endless(take: (path: string, outgoing: ServerResponse) => boolean) {
  const startedMs = Date.now();
  return (path: string, outgoing: ServerResponse): boolean => {
    if (Date.now() - startedMs < patienceMs) return take(path, outgoing);
    outgoing.writeHead(404).end('{}');
    return true;
  };
}

/** Sends as fast as the reader reads, until it has gone. */
function streamEvents(outgoing: ServerResponse, next: () => string): void {
  const endMs = Date.now() + patienceMs;
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = (): void => {
    while (!outgoing.destroyed && Date.now() < endMs) if (!outgoing.write(next())) return;
    outgoing.end();
  };
  outgoing.on('drain', write);
  write();
}

export const readerAttacks: readonly Attack[] = [
  {
    name: 'answer of 43 million values',
    tried: 'an agent seals 43 million empty arrays in 168 kB, beside an honest finding',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        agent.onCommand = (received) =>
          void agent.publish(reportsExchange, toBomb(received, agent)).then(received.acknowledge);
        const { code, stdout, stderr } = await stage.mig(questionTo(stage, [agent.id, stage.agentId]));
        must(code === 3 && stdout.includes('found'), `exit code ${code}: ${stdout}${stderr.slice(-500)}`);
        return noticedIn('investigator', stderr, /1 answer was not genuine: .*/);
      }),
  },
  {
    name: 'answer of 43 million values, looked at later',
    tried: 'mig show of an investigation that has such an answer and an honest finding',
    run: (stage) =>
      withAgent(stage, async (agent) => {
        const asked = await stage.mig(questionTo(stage, [agent.id, stage.agentId], '6s'));
        const [, id = ''] = /Following action ID ([0-9a-f]{32})/.exec(asked.stderr) ?? [];
        const received = await agent.waitForCommand(0);
        await agent.publish(reportsExchange, toBomb(received, agent));
        const isCounted = ({ stderr }: { readonly stderr: string }) => !/answered: .* 1 silent/.test(stderr);
        let shown = await stage.mig(['show', id]);
        for (const endMs = Date.now() + 20_000; !isCounted(shown) && Date.now() < endMs; )
          shown = await stage.mig(['show', id]);
        const { code, stdout, stderr } = shown;
        must(code === 3 && stdout.includes('found'), `exit code ${code}: ${stdout}${stderr.slice(-500)}`);
        return noticedIn('investigator', stderr, /1 answer was not genuine: .*/);
      }),
  },
  {
    name: 'relay sends endless pages',
    tried: 'a list of agents that goes on and on',
    run: async (stage) => {
      let page = 0;
      const respond = endless((path, outgoing) => {
        if (!path.endsWith('/agents/search')) return false;
        page += 1;
        sendJson(outgoing, { agents: [], total: 1, next: page.toString(16).padStart(64, '0') });
        return true;
      });
      const { code, stderr } = await stage.migThrough({ respond }, ['agents']);
      must(code === 2, `exit code ${code}: ${stderr}`);
      return noticedIn('investigator', stderr, /error: expected .* pages.*/);
    },
  },
  {
    name: 'relay sends an endless stream',
    tried: 'the honest finding, then progress for ever',
    run: async (stage) => {
      const progress = (running: number) =>
        `event: progress\ndata: {"queued":0,"sent":0,"running":${running},"succeeded":1,"failed":0,"refused":0,"expired":0,"cancelled":0}\n\n`;
      const block = Array.from({ length: 1000 }, (_, index) => progress(index)).join('');
      const kept: Report[] = [];
      const keep = (report: Report) => {
        kept.push(report);
        return [report];
      };
      const asked = await stage.migThrough({ report: keep }, stage.question(stage.agentId));
      const [, id = ''] = /Following action ID ([0-9a-f]{32})/.exec(asked.stderr) ?? [];
      const respond = endless((path, outgoing) => {
        if (!path.endsWith('/events')) return false;
        let isFirst = true;
        streamEvents(outgoing, () => {
          const first = isFirst ? `event: report\ndata: ${JSON.stringify(kept[0])}\n\n` : '';
          isFirst = false;
          return first + block;
        });
        return true;
      });
      const { code, stdout, stderr } = await stage.migThrough({ respond }, ['follow', id]);
      must(code === 2 && stdout.includes('found'), `exit code ${code}: ${stdout}${stderr.slice(-500)}`);
      return noticedIn('investigator', stderr, /error: expected .* events.*/);
    },
  },
  {
    name: 'relay sends 100,000 answers that are none',
    tried: 'as many invented agents, each with three bytes for an answer',
    run: async (stage) => {
      const asked = await stage.mig(stage.question(stage.agentId));
      const [, id = ''] = /Following action ID ([0-9a-f]{32})/.exec(asked.stderr) ?? [];
      const toReport = (sequence: number) => {
        const agent = sha256Hex(`invented ${sequence}`);
        const received = '2026-01-31T07:00:00Z';
        return { sequence, command: 'f'.repeat(32), agent, kind: 'result', received, message: 'AAAA' };
      };
      const respond = endless((path, outgoing) => {
        const [, after] = /\/reports\?after=(\d+)/.exec(path) ?? [];
        if (after === undefined) return false;
        const first = Number(after) + 1;
        const reports = Array.from({ length: 50 }, (_, index) => toReport(first + index));
        sendJson(outgoing, { reports, next: first + 49 < 100_000 ? first + 49 : null });
        return true;
      });
      const { code, stdout, stderr } = await stage.migThrough({ respond }, ['show', id, '-f', 'json']);
      must(code === 3, `exit code ${code}: ${stderr.slice(-500)}`);
      must(stdout.length < 100_000, `${stdout.length} characters of them were printed`);
      return noticedIn('investigator', stdout, /"notgenuine": 100000/);
    },
  },
];
