/** Cache for commands that follow each other in a console: the connection to the relay, and the opened key. */

import { Agent } from 'node:https';
import { checkIdentity } from '../../protocol/server-identity.ts';
import type { KeySetting } from '../cli/settings.ts';
import { type HeldKey, holdKey, type Quietly } from '../keys/investigator-key.ts';
import type { Route } from './transport.ts';

interface Connection {
  readonly key: string;
  readonly agent: Agent;
}

interface NamedKey {
  readonly setting: string;
  readonly held: HeldKey;
}

export class ConnectionCache {
  readonly #quietly: Quietly | undefined;
  #key: NamedKey | undefined;
  #connection: Connection | undefined;

  /** @param quietly keeps the terminal free while gpg may ask on it. */
  constructor(quietly?: Quietly) {
    this.#quietly = quietly;
  }

  /** The key that is held, as long as its setting and file stay the same. @throws CodedError key-unreadable */
  key(given: KeySetting): HeldKey {
    const setting = JSON.stringify(given);
    const held = holdKey(given, this.#quietly);
    if (this.#key?.setting !== setting || this.#key.held.mark !== held.mark) this.#key = { setting, held };
    return this.#key.held;
  }

  /** Keeps connections alive: one a server, unless requests overlap. */
  agent({ ca, proxy }: Pick<Route, 'ca' | 'proxy'>): Agent {
    const key = JSON.stringify([ca, proxy]);
    if (this.#connection?.key !== key) {
      this.close();
      // Node takes a proxy as the variables that name it; its types do not say so yet.
      const proxyEnv = proxy === undefined ? {} : { HTTPS_PROXY: proxy.url.href, NO_PROXY: proxy.except };
      // A connection that resumes a TLS session shows no certificate, and a login names it.
      const trust = { checkServerIdentity: checkIdentity, ...(ca === undefined ? {} : { ca }) };
      const options = { keepAlive: true, maxCachedSessions: 0, proxyEnv, ...trust };
      this.#connection = { key, agent: new Agent(options) };
    }
    return this.#connection.agent;
  }

  close(): void {
    this.#connection?.agent.destroy();
    this.#connection = undefined;
  }
}
