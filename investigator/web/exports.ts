/** Files for the browser: what `mig show` prints, written to the disk first, so that a slow browser fills no memory. */
import { randomBytes } from 'node:crypto';
import { createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeTemporaryFolder } from '../../host/temporary-folder.ts';
import type { ActionId } from '../../protocol/base/identifiers.ts';
import type { ResultFormat } from '../cli/common-flags.ts';
import type { CommandContext } from '../commands/context.ts';
import { show } from '../commands/show.ts';
import type { Console } from '../terminal/console.ts';
import type { Download } from './page-server.ts';

const types: Readonly<Record<ResultFormat, readonly [type: string, ending: string]>> = {
  text: ['text/plain; charset=utf-8', 'txt'],
  json: ['application/json', 'json'],
  ndjson: ['application/x-ndjson', 'ndjson'],
  csv: ['text/csv; charset=utf-8', 'csv'],
  html: ['text/html; charset=utf-8', 'html'],
  sarif: ['application/sarif+json', 'sarif'],
  junit: ['application/xml', 'xml'],
};

/** Tickets that nobody has used yet. */
const maximumTickets = 16;
const ticketBytes = 24;

/** A console whose data goes to an open file; notes are for nobody. */
function fileConsole(descriptor: number): Console {
  return {
    data: (line) => void writeSync(descriptor, `${line}\n`),
    note: () => {},
    noteInline: () => {},
    interactive: false,
    columns: () => 80,
    dataColumns: () => undefined,
    paintData: (_, text) => text,
    paintNote: (_, text) => text,
    quietly: (work) => work(),
    setPrintAgain: () => {},
    hasLostNotes: () => false,
  };
}

export class Exports {
  readonly #context: CommandContext;
  readonly #tickets = new Map<string, Download & { readonly path: string }>();
  #folder: string | undefined;

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** @param words further flags of `mig show`. @returns the ticket. */
  async write(id: ActionId, format: ResultFormat, words: readonly string[]): Promise<string> {
    this.#folder ??= makeTemporaryFolder('mig-web-');
    const ticket = randomBytes(ticketBytes).toString('base64url');
    const path = join(this.#folder, ticket);
    const descriptor = openSync(path, 'wx+', 0o600);
    await show([id, '-f', format, ...words], { ...this.#context, console: fileConsole(descriptor) });
    const [type, ending] = types[format];
    const send: Download['send'] = async (response) => {
      await pipeline(createReadStream('', { fd: descriptor, start: 0 }), response);
    };
    this.#tickets.set(ticket, { name: `mig-${id.slice(0, 12)}.${ending}`, type, send, path });
    for (const oldest of this.#tickets.keys()) {
      if (this.#tickets.size <= maximumTickets) break;
      this.take(oldest);
    }
    return ticket;
  }

  /** Once: the file is deleted, and lives as long as it is being sent. */
  take(ticket: string): Download | undefined {
    const download = this.#tickets.get(ticket);
    if (download === undefined) return undefined;
    this.#tickets.delete(ticket);
    rmSync(download.path, { force: true });
    return download;
  }

  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
