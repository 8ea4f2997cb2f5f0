/** A session of the real `mig` at the relay, for requests that `mig` itself would not make. */
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { apiPrefix } from '../../protocol/api/api.ts';
import type { LabInvestigator } from '../lab/investigator-key.ts';
import type { Lab, RelayAddress } from '../lab/lab.ts';
import { fleet } from './fleet.ts';

const KeptSession = z.object({ token: z.string() });
const Coded = z.object({ code: z.string() });

export interface ApiResponse {
  readonly status: number;
  /** Of a problem; else the status as text. */
  readonly code: string;
  readonly body: unknown;
}

/** A laboratory and its relay. */
export interface Site {
  readonly lab: Lab;
  readonly relay: RelayAddress;
}

export class RelaySession {
  readonly token: string;
  readonly #relay: RelayAddress;

  constructor({ relay }: Pick<Site, 'relay'>, token: string) {
    this.#relay = relay;
    this.token = token;
  }

  /** A new one. */
  static async logIn({ lab, relay }: Site, person: LabInvestigator): Promise<RelaySession> {
    const state = `session-${person.name}-${readdirSync(lab.folder).length}`;
    const env = { ...lab.migEnvironment(relay, fleet, person), XDG_STATE_HOME: lab.path(state) };
    const { code, stderr } = await lab.mig(['agents', '-t', 'online'], env);
    if (code !== 0) throw new Error(`expected ${person.name} to be let in: ${stderr}`);
    const folder = lab.path(state, 'mig');
    const file = readdirSync(folder).find((name) => name.startsWith('session-'));
    const { token } = KeptSession.parse(JSON.parse(readFileSync(lab.path(state, 'mig', file ?? ''), 'utf8')));
    return new RelaySession({ relay }, token);
  }

  open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const { api, ca } = this.#relay;
    return new Promise((resolve, reject) => {
      const outgoing = request(`${api}${apiPrefix}${path}`, {
        method,
        ca: readFileSync(ca),
        agent: false,
        headers: {
          ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      });
      outgoing.once('response', resolve).once('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async call(method: string, path: string, body?: unknown): Promise<ApiResponse> {
    const response = await this.open(method, path, body);
    const status = response.statusCode ?? 0;
    const said = await text(response);
    const value: unknown = said === '' ? null : JSON.parse(said);
    return { status, code: status < 400 ? String(status) : Coded.parse(value).code, body: value };
  }
}
