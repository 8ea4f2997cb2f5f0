/** An investigator for tests: an OpenPGP key, the API over real TLS, and actions signed with that key. */

import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { createParser } from 'eventsource-parser';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import type { Action } from '../../protocol/action/action.ts';
import { toSignedBytes } from '../../protocol/action/envelope.ts';
import { newAction } from '../../protocol/action/testing/new-action.ts';
import { toWrappedReplyKeyDigest } from '../../protocol/action/wrapped-reply-key.ts';
import { ActionDetail, type ActionSubmission, apiPrefix, type Counts, Problem } from '../../protocol/api/api.ts';
import { Fingerprint, sha256Hex } from '../../protocol/base/identifiers.ts';
import {
  ChallengeResponse,
  type Login,
  type SessionRequest,
  SessionResponse,
  toLoginBytes,
} from '../../protocol/session-api.ts';

/** The wrapped reply key: the relay keeps it and cannot read it. */
const wrapped = 'wrapped';

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface StreamEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
  readonly atMs: number;
}

/** Follows an action; `next` resolves with each event in turn. */
export class EventReader {
  readonly events: StreamEvent[] = [];
  readonly #response: IncomingMessage;
  #ended = false;
  #wake: (() => void) | undefined;
  #read = 0;

  constructor(response: IncomingMessage) {
    this.#response = response;
    const parser = createParser({
      onEvent: ({ event, id, data }) => {
        this.events.push({ event: event ?? '', id, data: JSON.parse(data), atMs: performance.now() });
        this.#wake?.();
      },
    });
    response.setEncoding('utf8');
    response.on('data', (text: string) => parser.feed(text));
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    response.on('end', end);
    response.on('error', end);
    response.on('close', end);
  }

  /** Null when the stream is over. */
  async next(): Promise<StreamEvent | null> {
    for (;;) {
      const event = this.events[this.#read];
      if (event !== undefined) {
        this.#read += 1;
        return event;
      }
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async until(name: string): Promise<StreamEvent> {
    for (;;) {
      const event = await this.next();
      if (event === null) throw new Error(`expected the event ${name}, got the end of the stream`);
      if (event.event === name) return event;
    }
  }

  close(): void {
    this.#response.destroy();
  }
}

export class TestInvestigator {
  readonly armoredPublicKey: string;
  readonly fingerprint: Fingerprint;
  readonly #privateKey: PrivateKey;
  readonly #certificates = new WeakMap<Socket, Uint8Array>();
  readonly #httpAgent = new HttpsAgent({ keepAlive: true, maxCachedSessions: 0 });
  #api = '';
  #ca: string | undefined;
  token = '';

  private constructor(privateKey: PrivateKey) {
    this.#privateKey = privateKey;
    this.armoredPublicKey = privateKey.toPublic().armor();
    this.fingerprint = Fingerprint.parse(privateKey.getFingerprint());
  }

  static async create(name: string): Promise<TestInvestigator> {
    const date = new Date(Date.now() - 86_400_000);
    const { privateKey } = await generateKey({ userIDs: [{ name }], date, format: 'object' });
    return new TestInvestigator(privateKey);
  }

  /** @param ca PEM. */
  pointAt(api: string, ca: string): void {
    this.#api = api;
    this.#ca = ca;
  }

  /** @param date that the signature says. */
  async sign(bytes: Uint8Array, date = new Date()): Promise<string> {
    const message = await createMessage({ binary: bytes });
    const options = { message, signingKeys: this.#privateKey, detached: true, date } as const;
    const armored = await sign({ ...options, format: 'armored' });
    return String(armored);
  }

  open(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        `${this.#api}${apiPrefix}${path}`,
        {
          method,
          agent: this.#httpAgent,
          ...(this.#ca === undefined ? {} : { ca: this.#ca }),
          headers: {
            ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
            ...headers,
          },
        },
        resolve,
      );
      request.on('error', reject);
      request.end(text);
    });
  }

  async call(method: string, path: string, body?: unknown): Promise<ApiResponse> {
    const response = await this.open(method, path, body);
    let text = '';
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode ?? 0, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  }

  /** The text that is signed to log in here, with a new challenge unless given. */
  async newLogin(change: Partial<Login> = {}): Promise<Login> {
    const response = await this.open('POST', '/sessions/challenges', { fingerprint: this.fingerprint });
    const { socket } = response;
    // Node gives it once.
    const shown =
      this.#certificates.get(socket) ??
      (socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined);
    if (shown !== undefined) this.#certificates.set(socket, shown);
    const { challenge } = ChallengeResponse.parse(await json(response));
    return { challenge, origin: new URL(this.#api).origin, certificate: sha256Hex(shown ?? ''), ...change };
  }

  async toSessionRequest(login: Login): Promise<SessionRequest> {
    return { ...login, fingerprint: this.fingerprint, signature: await this.sign(toLoginBytes(login)) };
  }

  async logIn(): Promise<void> {
    const session = await this.call('POST', '/sessions', await this.toSessionRequest(await this.newLogin()));
    this.token = SessionResponse.parse(session.body).token;
  }

  async countsOf(action: string): Promise<Counts> {
    return ActionDetail.parse((await this.call('GET', `/actions/${action}`)).body).counts;
  }

  /** The status and code of a problem. */
  async refusalOf(method: string, path: string, body?: unknown): Promise<[number, string]> {
    const response = await this.call(method, path, body);
    return [response.status, Problem.parse(response.body).code];
  }

  /** A problem's code, or the status where there is no problem. */
  async codeOf(method: string, path: string, body?: unknown): Promise<string> {
    const response = await this.call(method, path, body);
    return response.status < 400 ? String(response.status) : Problem.parse(response.body).code;
  }

  newAction(change: Partial<Action> = {}): Action {
    return newAction({
      // Targets no agent, unless the test gives a target.
      target: "name = 'nobody'",
      operations: [{ module: 'file', parameters: { secretword: 'nothing to see' } }],
      wrappedreplykeydigest: toWrappedReplyKeyDigest(wrapped),
      readers: [this.fingerprint],
      ...change,
    });
  }

  async newSubmission(action: Action, date?: Date): Promise<ActionSubmission> {
    const bytes = toSignedBytes(action);
    const signatures = [await this.sign(bytes, date)];
    return { envelope: { payload: bytes.toString('base64'), signatures }, wrappedreplykey: wrapped };
  }

  /** Signs and submits; returns the action when the relay has taken it. */
  async submit(change: Partial<Action> = {}): Promise<Action> {
    const action = this.newAction(change);
    const response = await this.call('POST', '/actions', await this.newSubmission(action));
    if (response.status !== 201) throw new Error(`expected 201, got ${JSON.stringify(response.body)}`);
    return action;
  }

  async follow(id: string, lastEventId?: number): Promise<EventReader> {
    const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
    return new EventReader(await this.open('GET', `/actions/${id}/events`, undefined, headers));
  }

  close(): void {
    this.#httpAgent.destroy();
  }
}
