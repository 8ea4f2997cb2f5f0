/** Who is let in: pages with a token. A token comes of the link in the terminal, once, or of the person's Enter there. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../../protocol/base/identifiers.ts';

const secretBytes = 32;
export const linkLifeMs = 60_000;
/** Pages at once. */
const maximumSessions = 16;
const codeLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeCharacters = 8;
export const pairingLifeMs = 120_000;

export type Admission =
  | { readonly kind: 'token'; readonly token: string }
  /** The link was used before: everybody is out, for one of the two users stole it. */
  | { readonly kind: 'stolen' }
  | { readonly kind: 'refused' };

/** A page that waits for the person's Enter. */
export interface Pairing {
  readonly id: string;
  /** Shown on the page and in the terminal: the person compares. */
  readonly code: string;
  readonly askedMs: number;
  state: 'waiting' | 'admitted' | 'denied';
}

function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(left)), Buffer.from(sha256Hex(right)));
}

function newCode(): string {
  const letters = [...randomBytes(codeCharacters)].map((byte) => codeLetters[byte % codeLetters.length] ?? '');
  return `${letters.slice(0, codeCharacters / 2).join('')}-${letters.slice(codeCharacters / 2).join('')}`;
}

export class Sessions {
  /** Digests: what is in memory lets nobody in. */
  readonly #tokens = new Set<string>();
  readonly #now: () => number;
  readonly #link: string;
  readonly #linkMadeMs: number;
  #isLinkUsed = false;
  #pairing: Pairing | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#link = newSecret();
    this.#linkMadeMs = now();
  }

  /** The secret of the link; 256 bits, good once and for a minute. */
  get link(): string {
    return this.#link;
  }

  useLink(secret: string): Admission {
    if (!isSame(secret, this.#link)) return { kind: 'refused' };
    if (this.#isLinkUsed) {
      this.endAll();
      return { kind: 'stolen' };
    }
    this.#isLinkUsed = true;
    if (this.#now() - this.#linkMadeMs > linkLifeMs) return { kind: 'refused' };
    return this.#admit();
  }

  holds(token: string): boolean {
    return this.#tokens.has(sha256Hex(token));
  }

  endAll(): void {
    this.#tokens.clear();
    this.#pairing = undefined;
  }

  /** @returns undefined while another page waits. */
  askPairing(): Pairing | undefined {
    const waiting = this.#pairing;
    if (waiting?.state === 'waiting' && this.#now() - waiting.askedMs < pairingLifeMs) return undefined;
    this.#pairing = { id: newSecret(), code: newCode(), askedMs: this.#now(), state: 'waiting' };
    return this.#pairing;
  }

  /** Answers the page that waits. @param code that the person saw. */
  decidePairing(code: string, isAdmitted: boolean): void {
    if (this.#pairing?.code !== code || this.#pairing.state !== 'waiting') return;
    this.#pairing.state = isAdmitted ? 'admitted' : 'denied';
  }

  /** The token, once, when the person has let the page in. */
  takePairing(id: string): Admission | { readonly kind: 'waiting' } {
    const pairing = this.#pairing;
    if (pairing === undefined || !isSame(id, pairing.id)) return { kind: 'refused' };
    if (this.#now() - pairing.askedMs > pairingLifeMs || pairing.state === 'denied') {
      this.#pairing = undefined;
      return { kind: 'refused' };
    }
    if (pairing.state === 'waiting') return { kind: 'waiting' };
    this.#pairing = undefined;
    return this.#admit();
  }

  #admit(): Admission {
    if (this.#tokens.size >= maximumSessions) return { kind: 'refused' };
    const token = newSecret();
    this.#tokens.add(sha256Hex(token));
    return { kind: 'token', token };
  }
}
