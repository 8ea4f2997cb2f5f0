/**
 * The gate of the page's server: it lets in requests of the page itself, and refuses all others before they are read.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
import type { IncomingHttpHeaders } from 'node:http';

/** `document` is the one page, `file` its script and style, `data` all that takes a session. */
export type RequestKind = 'document' | 'file' | 'download' | 'data';

type GateCode = 'wrong-host' | 'foreign-origin' | 'foreign-site' | 'not-json' | 'other-user';

export interface Refusal {
  readonly status: 403 | 415 | 421;
  readonly code: GateCode;
}

export interface RequestHead {
  readonly kind: RequestKind;
  readonly headers: IncomingHttpHeaders;
}

/** A page is opened by a person (`none`), or loaded again by itself. Everything else comes from the page. */
const sites: Readonly<Record<RequestKind, readonly string[]>> = {
  document: ['none', 'same-origin'],
  file: ['same-origin'],
  download: ['same-origin'],
  data: ['same-origin'],
};

/**
 * @param port of this server: a rebound name, or another port of this machine, has another Host or Origin.
 * @returns undefined when the request may be read.
 */
export function judgeRequest({ kind, headers }: RequestHead, port: number): Refusal | undefined {
  const host = `127.0.0.1:${port}`;
  if (headers.host !== host) return { status: 421, code: 'wrong-host' };
  if (headers.origin !== undefined && headers.origin !== `http://${host}`)
    return { status: 403, code: 'foreign-origin' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && (typeof site !== 'string' || !sites[kind].includes(site)))
    return { status: 403, code: 'foreign-site' };
  if (kind === 'data' && headers['content-type'] !== 'application/json') return { status: 415, code: 'not-json' };
  return undefined;
}

/** Headers of every response. Trusted Types with no policy: a script that writes HTML throws. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};
