/** The page's server on the loopback address: gate first, then session, then what was asked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { escapeText } from '../../protocol/base/escape.ts';
import { judgeRequest, type RequestKind, securityHeaders } from './gate.ts';
import type { Problem } from './messages.ts';
import { judgePeer } from './peer-user.ts';
import { readBody } from './request-body.ts';
import type { Route } from './route.ts';
import { type Admission, type Pairing, Sessions } from './sessions.ts';

/** The page's files, made by the builder. */
export interface PageFiles {
  readonly html: string;
  readonly script: string;
  readonly style: string;
  readonly icon: string;
}

export interface PageServerOptions {
  readonly files: PageFiles;
  readonly routes: ReadonlyMap<string, Route>;
  /** Files for the browser, by a ticket that is good once. */
  readonly takeDownload: (ticket: string) => Download | undefined;
  /** Asked when a page without the link wants in; the answer comes by `decidePairing`. */
  readonly onPairing: (pairing: Pairing) => void;
  /** Somebody used the link a second time: all pages are out. */
  readonly onStolen: () => void;
  /** Somebody of this machine was turned away. */
  readonly onRefused: (code: string) => void;
}

export interface Download {
  readonly name: string;
  readonly type: string;
  /** Writes the body and resolves at its end. */
  readonly send: (response: ServerResponse) => Promise<void>;
}

const maximumHeaderBytes = 8 * 1024;
/** Of all pages and streams; a browser opens six for one origin. */
const maximumConnections = 64;
const headersTimeoutMs = 5000;
const requestTimeoutMs = 30_000;
/** How often connections are looked at for both: those that say nothing must not take the room of the page for long. */
const timeoutCheckMs = 1000;

const Secret = z.strictObject({ secret: z.string().max(128) });
const PairingId = z.strictObject({ id: z.string().max(128) });
const Nothing = z.strictObject({});

const files: Readonly<Record<string, readonly [keyof PageFiles, string]>> = {
  '/': ['html', 'text/html; charset=utf-8'],
  '/page.js': ['script', 'text/javascript; charset=utf-8'],
  '/page.css': ['style', 'text/css; charset=utf-8'],
  '/favicon.ico': ['icon', 'image/svg+xml'],
};

/** Codes of errors in the request itself; all others are about what was asked. */
const statusOf: Readonly<Record<string, number>> = { 'body-too-large': 413, 'body-malformed': 400 };

function kindOf(path: string): RequestKind {
  if (path === '/') return 'document';
  if (path.startsWith('/download/')) return 'download';
  return path in files ? 'file' : 'data';
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, status: number, code: string, message: string, hint?: string): void {
  const problem: Problem = { code, message: escapeText(message), hint: hint === undefined ? null : escapeText(hint) };
  sendJson(response, status, problem);
}

export class PageServer {
  readonly sessions = new Sessions();
  readonly #options: PageServerOptions;
  readonly #server: Server;
  #port = 0;
  #lastUsedMs = Date.now();
  /** Streams that pages read now. */
  #streams = 0;

  constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        maxHeaderSize: maximumHeaderBytes,
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        connectionsCheckingInterval: timeoutCheckMs,
        insecureHTTPParser: false,
      },
      (request, response) => {
        void this.#serve(request, response);
      },
    );
    this.#server.maxConnections = maximumConnections;
  }

  /** Time of the latest request of a page; now, while a page follows something. */
  get lastUsedMs(): number {
    return this.#streams > 0 ? Date.now() : this.#lastUsedMs;
  }

  /** @returns the port: one that nobody could know before. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = request.url ?? '';
      const refusal = judgeRequest({ kind: kindOf(path), headers: request.headers }, this.#port);
      if (refusal !== undefined) return this.#refuse(request, response, refusal.status, refusal.code);
      const peer = await judgePeer(request.socket.remotePort ?? 0, this.#port);
      if (peer === 'other') return this.#refuse(request, response, 403, 'other-user');
      const method = path in files || path.startsWith('/download/') ? 'GET' : 'POST';
      if (request.method !== method) return this.#refuse(request, response, 405, 'wrong-method');
      if (path in files) return this.#sendFile(path, response);
      if (path.startsWith('/download/')) return await this.#sendDownload(path.slice('/download/'.length), response);
      return await this.#answer(path, request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else if (error instanceof CodedError)
        sendProblem(response, statusOf[error.code] ?? 422, error.code, error.message, error.hint);
      else sendProblem(response, 500, 'internal', toMessage(error));
    }
  }

  /** A refused request is not read any further: its connection ends. */
  #refuse(request: IncomingMessage, response: ServerResponse, status: number, code: string): void {
    this.#options.onRefused(code);
    response.shouldKeepAlive = false;
    sendProblem(response, status, code, 'expected a request of the page itself');
    response.once('finish', () => request.destroy());
  }

  #sendFile(path: string, response: ServerResponse): void {
    const [name, type] = files[path] ?? [];
    if (name === undefined) return;
    response.writeHead(200, { ...securityHeaders, 'content-type': type });
    response.end(this.#options.files[name]);
  }

  async #sendDownload(ticket: string, response: ServerResponse): Promise<void> {
    const download = this.#options.takeDownload(ticket);
    if (download === undefined)
      return sendProblem(response, 404, 'no-download', 'expected a ticket that is still good');
    const disposition = `attachment; filename="${download.name.replaceAll(/[^\w.-]/g, '_')}"`;
    response.writeHead(200, {
      ...securityHeaders,
      'content-type': download.type,
      'content-disposition': disposition,
    });
    await download.send(response);
  }

  async #answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === '/session/link') return this.#admit(response, this.#useLink((await readBody(request, Secret)).secret));
    if (path === '/session/ask') {
      await readBody(request, Nothing);
      return this.#askPairing(response);
    }
    if (path === '/session/take') {
      const admission = this.sessions.takePairing((await readBody(request, PairingId)).id);
      if (admission.kind === 'waiting') return sendJson(response, 202, { kind: 'waiting' });
      return this.#admit(response, admission);
    }
    const token = /^Bearer ([\w-]{1,128})$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !this.sessions.holds(token)) return this.#refuse(request, response, 401, 'no-session');
    this.#lastUsedMs = Date.now();
    const route = this.#options.routes.get(path);
    if (route === undefined) return sendProblem(response, 404, 'no-such-request', 'expected a request of the page');
    const body = await readBody(request, route.schema);
    if (route.kind === 'answer') return sendJson(response, 200, await route.run(body));
    await this.#stream(response, (signal) => route.run(body, signal));
  }

  /** Lines of JSON until the work or the page ends. */
  async #stream(response: ServerResponse, run: (signal: AbortSignal) => AsyncIterable<unknown>): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.writeHead(200, { ...securityHeaders, 'content-type': 'application/x-ndjson' });
    this.#streams += 1;
    try {
      for await (const value of run(gone.signal)) {
        if (gone.signal.aborted) break;
        if (!response.write(`${JSON.stringify(value)}\n`))
          await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    } finally {
      this.#streams -= 1;
      this.#lastUsedMs = Date.now();
    }
    response.end();
  }

  #useLink(secret: string): Admission {
    const admission = this.sessions.useLink(secret);
    if (admission.kind === 'stolen') this.#options.onStolen();
    return admission;
  }

  #admit(response: ServerResponse, admission: Admission): void {
    if (admission.kind === 'token') sendJson(response, 200, { kind: 'token', token: admission.token });
    else if (admission.kind === 'stolen')
      sendProblem(response, 401, 'link-used-twice', 'expected a link that nobody has used; all pages are out');
    else
      sendProblem(
        response,
        401,
        'not-admitted',
        'expected a link that is good for a minute and once, or Enter in the terminal',
      );
  }

  #askPairing(response: ServerResponse): void {
    const pairing = this.sessions.askPairing();
    if (pairing === undefined) {
      sendProblem(response, 409, 'another-waits', 'expected no other page to wait for Enter in the terminal');
      return;
    }
    this.#options.onPairing(pairing);
    sendJson(response, 200, { id: pairing.id, code: pairing.code });
  }
}
