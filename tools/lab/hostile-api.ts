/**
 * A relay's REST API in the attacker's hands: passes everything on to the real one, and changes answers on the way. For the
 * real relay it is the TLS proxy in front: logins that it passes on are taken.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import {
  ActionDetail,
  type AgentRecord,
  AgentsResponse,
  apiPrefix,
  type CommandRecord,
  CommandsResponse,
  Report,
  ReportsResponse,
} from '../../protocol/api/api.ts';
import { ProposalDetail } from '../../protocol/api/proposal-api.ts';
import type { RelayAddress } from './lab.ts';

/** Changes of things on their way to the investigator. All others pass unchanged. */
export interface Tamper {
  /** Its replacements; an empty list drops it. */
  readonly report?: (report: Report) => readonly Report[];
  readonly agents?: (agents: readonly AgentRecord[]) => readonly AgentRecord[];
  readonly commands?: (commands: readonly CommandRecord[]) => readonly CommandRecord[];
  /** Answers instead of the real relay; false leaves it to that. */
  readonly respond?: (path: string, outgoing: ServerResponse) => boolean;
  readonly action?: (action: ActionDetail) => ActionDetail;
  readonly proposal?: (proposal: ProposalDetail) => ProposalDetail;
  /** A body of its own for `GET /actions/:id`, say; undefined passes the request on. */
  readonly instead?: (method: string, path: string) => unknown;
  /** One event of a stream, as text. */
  readonly event?: (block: string) => string;
}

function toReports(tamper: Tamper, report: Report): readonly Report[] {
  return tamper.report === undefined ? [report] : tamper.report(report);
}

export class HostileApi {
  readonly url: string;
  readonly caFile: string;
  /** Its changes; none at first. */
  tamper: Tamper = {};
  readonly #server: Server;
  #upstream: { readonly api: string; readonly ca: Buffer } | null = null;

  private constructor(server: Server, caFile: string) {
    this.#server = server;
    this.caFile = caFile;
    this.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /**
   * @param caFile gets this API's certificate, for the investigator to trust.
   * @param localAddress from which it speaks to the real one.
   */
  static async start(caFile: string, localAddress?: string): Promise<HostileApi> {
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    writeFileSync(caFile, pems.cert);
    const server = createServer({ key: pems.private, cert: pems.cert }, (incoming, outgoing) => {
      const { tamper } = api;
      if (tamper.respond?.(incoming.url ?? '', outgoing) === true) return;
      const real = api.#upstream;
      if (real === null) return void outgoing.destroy();
      const instead = tamper.instead?.(incoming.method ?? '', (incoming.url ?? '').replace(apiPrefix, ''));
      if (instead !== undefined) {
        outgoing.writeHead(incoming.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
        return void outgoing.end(JSON.stringify(instead));
      }
      const { host: _, ...headers } = incoming.headers;
      const upstream = request(
        `${real.api}${incoming.url}`,
        {
          method: incoming.method ?? 'GET',
          headers,
          ca: real.ca,
          ...(localAddress === undefined ? {} : { localAddress }),
        },
        (answer) => {
          const isStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
          const { 'content-length': _length, ...kept } = answer.headers;
          outgoing.writeHead(answer.statusCode ?? 502, kept);
          if (incoming.url?.includes('/reports') === true) return void tamperPage(answer, outgoing, tamper);
          if (incoming.url?.endsWith('/agents/search') === true) return void tamperAgents(answer, outgoing, tamper);
          if (incoming.url?.includes('/commands') === true) return void tamperCommands(answer, outgoing, tamper);
          if (/\/actions\/[0-9a-f]{32}$/.test(incoming.url ?? '') && incoming.method === 'GET')
            return void tamperAction(answer, outgoing, tamper);
          if (/\/proposals\/[0-9a-f]{32}$/.test(incoming.url ?? '') && incoming.method === 'GET')
            return void tamperProposal(answer, outgoing, tamper);
          if (!isStream) return void answer.pipe(outgoing);
          let pending = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            pending += chunk;
            const blocks = pending.split('\n\n');
            pending = blocks.pop() ?? '';
            for (const block of blocks) outgoing.write(tamperBlock(tamper.event?.(block) ?? block, tamper));
          });
          answer.on('end', () => outgoing.end(pending));
        },
      );
      upstream.on('error', () => outgoing.destroy());
      outgoing.on('close', () => upstream.destroy());
      incoming.pipe(upstream);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new HostileApi(server, caFile);
    return api;
  }

  /** Sets the real relay, whose answers come through here from now on. */
  passTo({ api, ca }: RelayAddress): void {
    this.#upstream = { api, ca: readFileSync(ca) };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** One event of the stream, with its report changed. */
function tamperBlock(block: string, tamper: Tamper): string {
  const lines = block.split('\n');
  const index = lines.findIndex((line) => line.startsWith('data:'));
  if (!lines.includes('event: report') && !lines.includes('event:report')) return `${block}\n\n`;
  const changed = toReports(tamper, Report.parse(JSON.parse(lines[index]?.slice('data:'.length) ?? '')));
  return changed
    .map((report) => {
      lines[index] = `data: ${JSON.stringify(report)}`;
      return `${lines.join('\n')}\n\n`;
    })
    .join('');
}

/** A page of `GET /actions/:id/reports`, with its reports changed. */
async function tamperPage(answer: IncomingMessage, outgoing: ServerResponse, tamper: Tamper): Promise<void> {
  const page = ReportsResponse.parse(await json(answer));
  outgoing.end(JSON.stringify({ ...page, reports: page.reports.flatMap((report) => toReports(tamper, report)) }));
}

/** A page of `POST /agents/search`, with its agents changed. */
async function tamperAgents(answer: IncomingMessage, outgoing: ServerResponse, tamper: Tamper): Promise<void> {
  const page = AgentsResponse.parse(await json(answer));
  const agents = tamper.agents === undefined ? page.agents : tamper.agents(page.agents);
  outgoing.end(JSON.stringify({ ...page, agents, total: page.total - page.agents.length + agents.length }));
}

/** A page of `GET /actions/:id/commands`, with its commands changed. */
async function tamperCommands(answer: IncomingMessage, outgoing: ServerResponse, tamper: Tamper): Promise<void> {
  const page = CommandsResponse.parse(await json(answer));
  outgoing.end(JSON.stringify({ ...page, commands: tamper.commands?.(page.commands) ?? page.commands }));
}

/** The response of `GET /proposals/:id`, changed. */
async function tamperProposal(answer: IncomingMessage, outgoing: ServerResponse, tamper: Tamper): Promise<void> {
  const detail = ProposalDetail.parse(await json(answer));
  outgoing.end(JSON.stringify(tamper.proposal?.(detail) ?? detail));
}

/** The response of `GET /actions/:id`, changed. */
async function tamperAction(answer: IncomingMessage, outgoing: ServerResponse, tamper: Tamper): Promise<void> {
  const detail = ActionDetail.parse(await json(answer));
  outgoing.end(JSON.stringify(tamper.action?.(detail) ?? detail));
}
