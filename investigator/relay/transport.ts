/** HTTPS to the relay: bounded answers, and problems as errors with a hint. */

import type { IncomingMessage } from 'node:http';
import { type Agent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import * as z from 'zod';
import { apiPrefix, Problem } from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import { boundsOf, parseJson } from '../../protocol/base/strict-json.ts';
import type { ProxySetting } from '../cli/settings.ts';
import { toCertificateHint } from './certificate-hint.ts';
import { toClockHint } from './clock-hint.ts';
import type { ByteBudget } from './pages.ts';

export type TransportCode = 'server-unreachable' | 'server-not-trusted' | 'server-misbehaved';

const silenceMs = 30_000;
/** Time for one response: a page of reports on a slow line. */
const maximumBodyMs = 900_000;
const maximumProblemBytes = 64 * 1024;
/** An agent's facts and a page of them, or an action with its signatures. */
const maximumAnswerBytes = 64 * 1024 * 1024;

/** A page of a thousand agents with their facts. */
const maximumAnswerValues = 1024 * 1024;

export interface RelayRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the API's prefix: `/agents`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes?: number;
  /** Byte budget of the list that this is a page of. */
  readonly budget?: ByteBudget;
  /** Goes on after ctrl+c: the relay may have taken it already. */
  readonly mustFinish?: true;
}

/** An error that the relay named (RFC 9457); `code` is the relay's. */
export class ProblemError extends CodedError {
  readonly status: number;

  constructor(problem: Problem, hint: string | undefined) {
    super(problem.code, problem.title, hint === undefined ? {} : { hint });
    this.status = problem.status;
  }
}

/** Hints on problems, where this side knows better than the relay. */
const hints: Readonly<Record<string, string>> = {
  'login-refused': 'check MIG_KEY, and that the server lets your public key in, in its present state',
  'login-for-another-relay':
    'what answers at MIG_SERVER passes logins on to another relay, which did not take this one: do not trust it; or its operator has to name this address in MIG_PUBLIC_ORIGINS',
  'login-certificate-differs':
    'somebody between you and the relay ends TLS with another certificate, and can read what you ask: check MIG_CA and proxies',
  'action-exists':
    'an action is sent once: mig follow ID has its answers; to ask again, also with more signatures, begin with mig sign or mig propose',
  'action-expired': 'allow more time with -e',
  'trust-threshold': 'mig trust sign FILE, by as many people with root keys as that',
  'too-many-requests': 'wait a minute, then try again',
};

/** In the codes that node:tls has for certificates; everything else is about the way to the server. */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|SSL/;

/** The server that requests go to, and the CA that is trusted there. */
export interface Route {
  readonly server: URL;
  /** PEM; undefined trusts the operating system's store. */
  readonly ca: string | undefined;
  readonly proxy: ProxySetting | undefined;
}

function toTransportError(
  cause: Error & { readonly code?: string },
  { server, ca, proxy }: Route,
): CodedError<TransportCode> {
  const way = proxy === undefined ? server.host : `${server.host} through the proxy ${proxy.url.host}`;
  const what = `${way}: ${cause.message === '' ? (cause.code ?? 'no connection') : cause.message}`;
  return untrusted.test(cause.code ?? '')
    ? new CodedError('server-not-trusted', `expected a certificate that can be trusted from ${what}`, {
        hint: toCertificateHint(cause.code ?? '', ca, Date.now()),
        cause,
      })
    : new CodedError('server-unreachable', `expected an answer from ${what}`, {
        hint: `check MIG_SERVER and that the server runs${proxy === undefined ? '' : ', and MIG_PROXY, HTTPS_PROXY and NO_PROXY'}`,
        cause,
      });
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const endMs = Date.now() + maximumBodyMs;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (Date.now() > endMs) {
      response.destroy();
      throw new CodedError<TransportCode>('server-misbehaved', `expected an answer within ${maximumBodyMs / 1000} s`);
    }
    if (sizeBytes > maxBytes) {
      response.destroy();
      throw new CodedError<TransportCode>('server-misbehaved', `expected at most ${maxBytes} bytes from the server`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function toProblemError(response: IncomingMessage): Promise<CodedError> {
  const status = response.statusCode ?? 0;
  const body = await readBody(response, maximumProblemBytes);
  let problem: Problem;
  try {
    problem = Problem.parse(parseJson(body, boundsOf(maximumProblemBytes)));
  } catch (cause) {
    return new CodedError<TransportCode>('server-misbehaved', `expected an answer of the relay, got HTTP ${status}`, {
      hint: 'check that MIG_SERVER is the URL of a MIG server',
      cause,
    });
  }
  const clockHint = toClockHint(problem.code, response.headers.date, Date.now());
  return new ProblemError({ ...problem, status }, clockHint ?? hints[problem.code] ?? problem.detail);
}

/** Node gives the certificate of a connection once, and a kept connection may serve several logins. */
const certificates = new WeakMap<Socket, Uint8Array>();

function toCertificate({ socket }: IncomingMessage): Uint8Array {
  const known = certificates.get(socket);
  if (known !== undefined) return known;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined)
    throw new CodedError<TransportCode>('server-misbehaved', 'expected a certificate on the connection to the server');
  certificates.set(socket, certificate.raw);
  return certificate.raw;
}

export class Transport {
  readonly #route: Route;
  readonly #agent: Agent;
  readonly #signal: AbortSignal;

  /**
   * @param agent for this route.
   * @param signal ends requests that are under way.
   */
  constructor(route: Route, agent: Agent, signal: AbortSignal) {
    this.#route = route;
    this.#agent = agent;
    this.#signal = signal;
  }

  /** @throws CodedError<TransportCode> and ProblemError */
  async requestJson<T>(request: RelayRequest, schema: z.ZodType<T>): Promise<T> {
    return this.#readJson(await this.open(request), request, schema);
  }

  /** Requests, and gives the certificate (DER) of the connection with the response. */
  async requestCertified<T>(
    request: RelayRequest,
    schema: z.ZodType<T>,
  ): Promise<{ readonly value: T; readonly certificate: Uint8Array }> {
    const response = await this.open(request);
    // Before the body is read: then the connection may already serve another request.
    const certificate = toCertificate(response);
    return { value: await this.#readJson(response, request, schema), certificate };
  }

  async #readJson<T>(response: IncomingMessage, request: RelayRequest, schema: z.ZodType<T>): Promise<T> {
    const { budget } = request;
    const maxBytes = Math.min(request.maxBytes ?? maximumAnswerBytes, budget?.left ?? Number.POSITIVE_INFINITY);
    let body: Buffer;
    try {
      body = await readBody(response, maxBytes);
    } catch (cause) {
      if (this.#signal.aborted || cause instanceof CodedError || !(cause instanceof Error)) throw cause;
      throw toTransportError(cause, this.#route);
    }
    budget?.take(body.length);
    const parsed = schema.safeParse(parseJson(body, { maxBytes, maxValues: maximumAnswerValues }));
    if (!parsed.success)
      throw new CodedError<TransportCode>(
        'server-misbehaved',
        `expected the answer that ${request.path} gives\n${z.prettifyError(parsed.error)}`,
        { hint: 'mig and the server may be of different versions', cause: parsed.error },
      );
    return parsed.data;
  }

  /** The answer's head has come and says success; the caller reads the body. */
  async open(request: RelayRequest): Promise<IncomingMessage> {
    const url = new URL(apiPrefix + request.path, this.#route.server);
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body), 'utf8');
    const response = await this.#send(url, request, body);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await toProblemError(response);
    return response;
  }

  #send(url: URL, request: RelayRequest, body: Buffer | undefined): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(url, {
        method: request.method,
        agent: this.#agent,
        timeout: silenceMs,
        ...(request.mustFinish === true ? {} : { signal: this.#signal }),
        headers: {
          accept: 'application/json, application/problem+json',
          ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
          ...request.headers,
        },
      });
      outgoing.once('response', resolve);
      outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer for ${silenceMs / 1000} s`)));
      outgoing.once('error', (cause: Error & { readonly code?: string }) => {
        // The relay had closed the connection that was kept, and nobody had noticed yet.
        const isStale = outgoing.reusedSocket && cause.code === 'ECONNRESET' && request.mustFinish !== true;
        if (isStale) this.#send(url, request, body).then(resolve, reject);
        else reject(cause.name === 'AbortError' ? cause : toTransportError(cause, this.#route));
      });
      outgoing.end(body);
    });
  }
}
