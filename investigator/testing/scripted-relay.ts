/**
 * A relay that a test can have misbehave in ways a real one must not: lose connections, forget sessions, serve garbage.
 * What it serves has the form of protocol/api/api.ts.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import type { Action } from '../../protocol/action/action.ts';
import { parseSignedBytes } from '../../protocol/action/envelope.ts';
import { ActionSubmission, apiPrefix, type CommandRecord, type Counts, type Report } from '../../protocol/api/api.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { ScriptedProposals } from './scripted-proposals.ts';

export interface RelayScript {
  agents: number;
  /** What the agents answer. */
  answer: (action: Action, digest: string) => Promise<readonly Report[]>;
  counts: Counts;
  /** Whom the relay names as silent. */
  unreported: readonly CommandRecord[];
  /** Event streams that break after one report, before one is whole. */
  breaks: number;
  /** How far the relay's clock is ahead of this machine's. */
  clockAheadMs: number;
  /** Whether whoever logs in is turned away. */
  refusesLogins: boolean;
  /** Instead of the answer to anything but logging in. */
  override: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

export interface ScriptedRelay {
  readonly url: string;
  /** PEM */
  readonly ca: string;
  readonly script: RelayScript;
  /** `POST /agents/search` and so on, as they came. */
  readonly requests: string[];
  readonly connections: () => number;
  readonly proposals: ScriptedProposals;
  /** An action that was asked before, and its answers. */
  readonly keep: (submission: ActionSubmission, reports: readonly Report[]) => void;
  /** From now on every token given out so far is refused. */
  readonly forgetSessions: () => void;
  readonly close: () => Promise<void>;
}

interface StoredAction {
  readonly submission: ActionSubmission;
  readonly reports: readonly Report[];
  readonly action: Action;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function sendEvents(kept: StoredAction, after: number, script: RelayScript, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const reports = kept.reports.filter(({ sequence }) => sequence > after);
  for (const report of reports) {
    response.write(`event: report\nid: ${report.sequence}\ndata: ${JSON.stringify(report)}\n\n`);
    if (script.breaks > 0) {
      script.breaks -= 1;
      response.write('event: report\ndata: {"half', () => response.destroy());
      return;
    }
  }
  response.write(`event: progress\ndata: ${JSON.stringify(script.counts)}\n\n`);
  response.end('event: end\ndata: {}\n\n');
}

export async function startScriptedRelay(script: RelayScript): Promise<ScriptedRelay> {
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const requests: string[] = [];
  const tokens = new Set<string>();
  const actions = new Map<string, StoredAction>();
  const proposals = new ScriptedProposals();
  let connections = 0;
  let logins = 0;

  async function logIn(path: string, response: ServerResponse): Promise<void> {
    if (path === '/sessions/challenges') sendJson(response, 200, { challenge: 'c'.repeat(43) });
    else if (script.refusesLogins)
      sendJson(response, 401, { type: 'about:blank', title: 'expected …', status: 401, code: 'login-refused' });
    else {
      logins += 1;
      tokens.add(`token-${logins}`);
      const expires = toInstant(Date.now() + 3_600_000);
      sendJson(response, 200, { token: `token-${logins}`, expires, investigator: 'alice' });
    }
  }

  function keep(submission: ActionSubmission, answered: readonly Report[]): void {
    const action = parseSignedBytes(Buffer.from(submission.envelope.payload, 'base64'));
    const reports = answered.map((report, index) => ({ ...report, sequence: index + 1 }));
    actions.set(action.id, { submission, reports, action });
  }

  function toSummary({ action: { id, name, target, validfrom, expireafter } }: StoredAction) {
    const times = { validfrom, expireafter, created: validfrom, cancelled: null };
    return { id, name, target, ...times, investigator: 'alice', counts: script.counts };
  }

  async function submit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const submission = ActionSubmission.parse(await readJson(request));
    const bytes = Buffer.from(submission.envelope.payload, 'base64');
    keep(submission, await script.answer(parseSignedBytes(bytes), sha256Hex(bytes)));
    sendJson(response, 201, {});
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'https://localhost');
    const path = url.pathname.slice(apiPrefix.length);
    response.setHeader('date', new Date(Date.now() + script.clockAheadMs).toUTCString());
    requests.push(`${request.method} ${path.replaceAll(/[0-9a-f]{32}/g, ':id')}`);
    if (path === '/status') return sendJson(response, 200, { database: true, broker: true });
    if (path.startsWith('/sessions')) return logIn(path, response);
    if (!tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return sendJson(response, 401, { type: 'about:blank', title: 'log in', status: 401, code: 'unauthenticated' });
    if (script.override?.(request, response) === true) return;
    if (path === '/version') return sendJson(response, 200, { version: '1.2.3' });
    if (path === '/agents/search') return sendJson(response, 200, { agents: [], total: script.agents, next: null });
    if (path === '/actions' && request.method === 'POST') return submit(request, response);
    if (path.startsWith('/proposals')) {
      const body = request.method === 'POST' ? await readJson(request) : undefined;
      return sendJson(response, ...proposals.answer(request.method ?? '', path.slice('/proposals/'.length), body));
    }
    if (path === '/actions')
      return sendJson(response, 200, { actions: [...actions.values()].map(toSummary).reverse(), next: null });
    const [, , id = '', what] = path.split('/');
    const kept = actions.get(id);
    if (kept === undefined)
      return sendJson(response, 404, { type: 'about:blank', title: 'no such action', status: 404, code: 'not-found' });
    if (what === 'commands') {
      // Ids of toy agents are random, and a relay lists commands by id.
      const commands = script.unreported.toSorted((left, right) => (left.agent < right.agent ? -1 : 1));
      return sendJson(response, 200, { commands, next: null });
    }
    if (what === 'events') return sendEvents(kept, Number(request.headers['last-event-id'] ?? 0), script, response);
    if (what === 'reports') {
      const after = Number(url.searchParams.get('after'));
      const reports = kept.reports.filter(({ sequence }) => sequence > after);
      return sendJson(response, 200, { reports, next: null });
    }
    const summary = toSummary(kept);
    if (what === 'cancel') return sendJson(response, 202, { ...summary, cancelled: summary.validfrom });
    return sendJson(response, 200, { ...summary, ...kept.submission });
  }

  const server: Server = createServer({ key: certificate.private, cert: certificate.cert }, (request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    ca: certificate.cert,
    script,
    requests,
    proposals,
    connections: () => connections,
    keep,
    forgetSessions: () => tokens.clear(),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
