/** The stack of modules that PAM runs for a service. @see pam.d(5) */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toPath } from '../../../kit/files/latin1-text.ts';
import { type PamStatement, parsePamFile } from '../../../kit/pam/pam-file.ts';
import type { Place } from '../../key-space.ts';

export const pamTypes = ['auth', 'account', 'password', 'session'] as const;
export type PamType = (typeof pamTypes)[number];

interface PamLine extends Place {
  /** `required pam_unix.so nullok` */
  readonly text: string;
}

export interface PamStack {
  readonly isThere: boolean;
  readonly lines: readonly PamLine[];
  /** Why there may be more. */
  readonly gap?: SkipReason;
}

const kind = 'pam';
/** Packages may keep theirs away from /etc. */
const folders = ['/etc/pam.d', '/usr/lib/pam.d', '/usr/share/pam.d'];
const mostDepth = 32;
const mostLines = 10_000;
const mostBytes = 1024 * 1024;

class Reader {
  readonly lines: PamLine[] = [];
  gap: SkipReason | undefined;
  readonly #host: Host;
  readonly #type: PamType;

  constructor(host: Host, type: PamType) {
    this.#host = host;
    this.#type = type;
  }

  /** @returns false when no folder has it. */
  read(name: string, depth: number): boolean {
    if (depth > mostDepth || this.lines.length > mostLines) {
      this.gap ??= 'too-deep';
      return true;
    }
    for (const path of name.startsWith('/') ? [name] : folders.map((folder) => `${folder}/${name}`)) {
      const file = this.#host.read(kind, path, { most: mostBytes });
      if (file.state === 'unknown') this.gap ??= file.reason;
      if (file.state === 'absent') continue;
      if (file.state === 'read') {
        const statements = [...parsePamFile(file.bytes.toString('latin1'))].filter(({ words }) => words.length > 1);
        file.report(statements.length);
        for (const statement of statements) this.#take(statement, path, depth);
      }
      return true;
    }
    return false;
  }

  #take({ line, words: written }: PamStatement, path: string, depth: number): void {
    const words = written.map((word) => word.replaceAll(/\s+/g, ' '));
    const [type = '', control = '', target = ''] = words;
    if (type === '@include') {
      this.#include(control, depth);
      return;
    }
    if (type.replace(/^-/, '').toLowerCase() !== this.#type) return;
    if (/^(?:include|substack)$/i.test(control)) this.#include(target, depth);
    else this.lines.push({ text: words.slice(1).join(' '), path: this.#host.at(path), line });
  }

  #include(name: string, depth: number): void {
    if (name.split('/').includes('..') || !this.read(toPath(name), depth + 1)) this.gap ??= 'read-error';
  }
}

/** With what it includes in place. A service without a file has that of `other`. */
export function readPamStack(host: Host, service: string, type: PamType): PamStack {
  const reader = new Reader(host, type);
  const isThere = reader.read(service, 0) || reader.read('other', 0);
  return { isThere, lines: reader.lines, ...(reader.gap === undefined ? {} : { gap: reader.gap }) };
}
