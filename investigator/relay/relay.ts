/** The relay's API as functions; what comes back has passed its schema. */

import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import {
  ActionDetail,
  type ActionSubmission,
  ActionSummary,
  type ActionsQuery,
  ActionsResponse,
  type AgentRecord,
  type AgentsQuery,
  AgentsResponse,
  type CommandRecord,
  CommandsResponse,
  type Report,
  ReportsResponse,
} from '../../protocol/api/api.ts';
import { CodedError } from '../../protocol/base/coded-error.ts';
import type { ActionId, AgentId } from '../../protocol/base/identifiers.ts';
import { maximumAgentMessageBytes } from '../../protocol/base/limits.ts';
import { toReason } from '../cli/named-file.ts';
import { requireSetting } from '../cli/require-settings.ts';
import type { Settings, SettingsCode } from '../cli/settings.ts';
import type { StateKeeper } from '../cli/state-keeper.ts';
import type { HeldKey } from '../keys/investigator-key.ts';
import type { ConnectionCache } from './connection-cache.ts';
import { followEvents, type RelayEvent } from './event-stream.ts';
import { type ByteBudget, type ListBounds, listBounds, readPages } from './pages.ts';
import { Session } from './session.ts';
import { ProblemError, type RelayRequest, Transport } from './transport.ts';

const agentsPage = 1000;
/** Small, for a report may be as large as an agent's largest result. */
const reportsPage = 50;
/** Bytes of a page: one report of the largest size, or many within an honest relay's bound; in base64. */
const maximumReportsBytes = Math.ceil((maximumAgentMessageBytes + 16 * 1024 * 1024) * 1.4);
/** An agent may have refused further deliveries beside its result; no bytes, for each report is dealt with as it comes. */
const reportBounds: ListBounds = {
  ...listBounds,
  maximumItems: 2 * listBounds.maximumItems,
  maximumPages: 1_000_000,
  maximumBytes: Number.POSITIVE_INFINITY,
};

export class Relay {
  readonly #transport: Transport;
  readonly #session: Session;

  constructor(transport: Transport, session: Session) {
    this.#transport = transport;
    this.#session = session;
  }

  /** Whether a session is kept: requests then take no login. */
  get isLoggedIn(): boolean {
    return this.#session.isKept;
  }

  /** Any request of a session; the parts of the API that few need are built on it, beside this file. */
  request<T>(request: Omit<RelayRequest, 'token'>, schema: z.ZodType<T>): Promise<T> {
    return this.#authorised((token) => this.#transport.requestJson({ ...request, token }, schema));
  }

  /** @param path what is not to be there any more. */
  async remove(path: string): Promise<void> {
    const request = { method: 'DELETE', path, mustFinish: true } as const;
    await this.#authorised(async (token) => (await this.#transport.open({ ...request, token })).resume());
  }

  /** @param fleet undefined counts those of all environments on the relay. */
  async countAgents(target: string, fleet?: string): Promise<number> {
    const page = await this.#searchAgents({ target, fleet, limit: 0 });
    return page.total;
  }

  /**
   * All agents that the target fits, page by page.
   * @param heartbeats also their latest heartbeats, as they were signed.
   * @param fleet undefined lists those of all environments on the relay.
   */
  listAgents(target: string, heartbeats = false, fleet?: string): AsyncGenerator<AgentRecord> {
    return readPages<AgentRecord, AgentId>({
      what: 'agents',
      after: undefined,
      cursorOf: ({ id }) => id,
      read: async (after, budget) => {
        const { agents, next } = await this.#searchAgents(
          { target, fleet, limit: agentsPage, after, heartbeats },
          budget,
        );
        return { items: agents, next };
      },
    });
  }

  /** The newest first. */
  listActions(search: Partial<z.infer<typeof ActionsQuery>>): Promise<z.infer<typeof ActionsResponse>> {
    return this.#get('/actions', ActionsResponse, search);
  }

  getAction(id: ActionId): Promise<ActionDetail> {
    return this.#get(`/actions/${id}`, ActionDetail);
  }

  async submit(submission: ActionSubmission): Promise<void> {
    await this.request({ method: 'POST', path: '/actions', body: submission, mustFinish: true }, z.unknown());
  }

  /** Cancels an action. One that is over, or cancelled, stays as it is. */
  cancel(id: ActionId): Promise<ActionSummary> {
    const request = { method: 'POST', path: `/actions/${id}/cancel`, mustFinish: true } as const;
    return this.#authorised((token) => this.#transport.requestJson({ ...request, token }, ActionSummary));
  }

  /** Reports that have come so far. */
  listReports(id: ActionId, afterSequence = 0): AsyncGenerator<Report> {
    return readPages<Report, number>({
      what: 'reports',
      after: afterSequence,
      cursorOf: ({ sequence }) => sequence,
      bounds: reportBounds,
      read: async (after, budget) => {
        const query = { after, limit: reportsPage };
        const path = `/actions/${id}/reports`;
        const bounds = { maxBytes: maximumReportsBytes, budget };
        const { reports, next } = await this.#get(path, ReportsResponse, query, bounds);
        return { items: reports, next };
      },
    });
  }

  /**
   * The agents that an action went to, as the relay says.
   * @param unreported those alone that gave neither a result nor a refusal.
   */
  listCommands(id: ActionId, unreported = false): AsyncGenerator<CommandRecord> {
    return readPages<CommandRecord, AgentId>({
      what: 'commands',
      after: undefined,
      cursorOf: ({ agent }) => agent,
      read: async (after, budget) => {
        const query = { unreported: String(unreported), limit: agentsPage, after };
        const { commands, next } = await this.#get(`/actions/${id}/commands`, CommandsResponse, query, { budget });
        return { items: commands, next };
      },
    });
  }

  /** @param expiresMs when the action ends. */
  follow(id: ActionId, expiresMs: number, signal: AbortSignal): AsyncGenerator<RelayEvent> {
    const open = (afterSequence: number): Promise<IncomingMessage> =>
      this.#authorised((token) => {
        const headers = { accept: 'text/event-stream', 'last-event-id': String(afterSequence) };
        return this.#transport.open({ method: 'GET', path: `/actions/${id}/events`, token, headers });
      });
    return followEvents(open, expiresMs, signal);
  }

  /** Sent by POST: a target may be longer than a URL. */
  #searchAgents(
    body: Partial<z.infer<typeof AgentsQuery>>,
    budget?: ByteBudget,
  ): Promise<z.infer<typeof AgentsResponse>> {
    const bounds = budget === undefined ? {} : { budget };
    return this.request({ method: 'POST', path: '/agents/search', body, ...bounds }, AgentsResponse);
  }

  #get<T>(
    path: string,
    schema: z.ZodType<T>,
    query: RelayRequest['query'] = {},
    bounds: Pick<RelayRequest, 'maxBytes' | 'budget'> = {},
  ): Promise<T> {
    return this.request({ method: 'GET', path, query, ...bounds }, schema);
  }

  /** A kept token may have ended: one 401 logs in again. */
  async #authorised<T>(send: (token: string) => Promise<T>): Promise<T> {
    const token = await this.#session.token();
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      return send(await this.#session.renew(token));
    }
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodedError<SettingsCode>(
      'settings-unreadable',
      `expected a readable PEM file, got ${toReason(cause)} at ${path}`,
      {
        hint: "MIG_CA is the CA of the server's certificate",
        cause,
      },
    );
  }
}

export interface RelayOptions {
  readonly settings: Settings;
  /** Its connections are used, and stay open. */
  readonly connections: ConnectionCache;
  /** Ends requests that are under way. */
  readonly signal: AbortSignal;
  readonly keeper: StateKeeper;
}

/** Transport for requests without a session. Nothing is sent before the first one. @throws CodedError<SettingsCode> */
export function connectTransport({ settings, connections, signal }: Omit<RelayOptions, 'keeper'>): Transport {
  const { caFile, proxy } = settings;
  const ca = caFile === undefined ? undefined : readCa(caFile);
  return new Transport(
    { server: requireSetting(settings, 'server'), ca, proxy },
    connections.agent({ ca, proxy }),
    signal,
  );
}

/** Nothing is sent before the first request. @throws CodedError<SettingsCode> */
export function connectRelay(options: RelayOptions, key: HeldKey): Relay {
  const transport = connectTransport(options);
  const { settings, keeper } = options;
  const server = requireSetting(settings, 'server');
  return new Relay(transport, new Session(transport, key, server, settings.stateDirectory, keeper));
}
