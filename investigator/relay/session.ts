/** A session: the token for a signed challenge, kept between commands so that most need no login. */

import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from '../../host/replace-file.ts';
import { sha256Hex } from '../../protocol/base/identifiers.ts';
import { Instant } from '../../protocol/base/instant.ts';
import { ChallengeResponse, SessionResponse, toLoginBytes } from '../../protocol/session-api.ts';
import type { StateKeeper } from '../cli/state-keeper.ts';
import type { HeldKey, InvestigatorKey } from '../keys/investigator-key.ts';
import { ProblemError, type Transport } from './transport.ts';

const KeptSession = z.strictObject({ token: z.string().min(1).max(4096), expires: Instant });
type KeptSession = z.infer<typeof KeptSession>;

/** A token that ends sooner than this is not worth a try. */
const spareMs = 10_000;

export class Session {
  readonly #transport: Transport;
  readonly #key: HeldKey;
  readonly #origin: string;
  readonly #directory: string;
  readonly #keeper: StateKeeper;
  readonly #file: string;
  #token: Promise<string> | undefined;

  constructor(transport: Transport, key: HeldKey, server: URL, stateDirectory: string, keeper: StateKeeper) {
    this.#transport = transport;
    this.#key = key;
    this.#origin = server.origin;
    this.#directory = stateDirectory;
    this.#keeper = keeper;
    this.#file = join(stateDirectory, `session-${sha256Hex(`${server.origin} ${key.mark}`).slice(0, 32)}.json`);
  }

  get isKept(): boolean {
    return this.#token !== undefined || this.#readKept() !== undefined;
  }

  /** The kept token, or a new one. */
  token(): Promise<string> {
    this.#token ??= this.#readKept() ?? this.#logIn();
    return this.#token;
  }

  /** A new token, after the server refused `refused`; who comes second shares it. */
  async renew(refused: string): Promise<string> {
    if ((await this.#token) === refused) this.#token = this.#logIn();
    return this.token();
  }

  #readKept(): Promise<string> | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch {
      return undefined;
    }
    const kept = KeptSession.safeParse(toJson(text));
    if (!kept.success || Date.parse(kept.data.expires) < Date.now() + spareMs) return undefined;
    return Promise.resolve(kept.data.token);
  }

  async #logIn(): Promise<string> {
    const key = await this.#key.open();
    const { fingerprint } = key;
    const asked = { method: 'POST', path: '/sessions/challenges', body: { fingerprint } } as const;
    const { value, certificate } = await this.#transport.requestCertified(asked, ChallengeResponse);
    const login = { challenge: value.challenge, origin: this.#origin, certificate: sha256Hex(certificate) };
    const signature = await key.sign(toLoginBytes(login));
    const request = { method: 'POST', path: '/sessions', body: { ...login, fingerprint, signature } } as const;
    const session = await this.#transport.requestJson(request, SessionResponse).catch(async (error: unknown) => {
      if (error instanceof ProblemError && error.code === 'login-refused') await assertFit(key);
      throw error;
    });
    this.#keep({ token: session.token, expires: session.expires });
    return session.token;
  }

  #keep(session: KeptSession): void {
    this.#keeper.keep(this.#directory, () => {
      chmodSync(this.#directory, 0o700);
      replaceFile(this.#file, JSON.stringify(session));
    });
  }
}

/** A key that has expired, or is too weak, is why most logins are refused. */
async function assertFit(key: InvestigatorKey): Promise<void> {
  const { assertFitKey } = await import('../keys/check-key.ts');
  await assertFitKey(key);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
