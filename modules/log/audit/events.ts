/** Events of the audit system: all records with one serial number and time. */
import type { AuditRecord } from './record.ts';

export interface AuditEvent {
  readonly timeMs: number;
  readonly serial: number;
  /** Of the file with its first record. */
  readonly path: string;
  readonly fields: Map<string, string[]>;
  /** Of its records, for patterns. */
  readonly lines: string[];
}

/** Records of one event come together, with those of other processors between them. */
const mostOpen = 512;
const mostLines = 1024;

export class AuditEvents {
  readonly #open = new Map<string, AuditEvent>();
  readonly #take: (event: AuditEvent) => void;

  constructor(take: (event: AuditEvent) => void) {
    this.#take = take;
  }

  add({ type, timeMs, serial, fields }: AuditRecord, line: string, path: string): void {
    const key = `${timeMs}:${serial}`;
    const known = this.#open.get(key);
    const event = known ?? { timeMs, serial, path, fields: new Map<string, string[]>(), lines: [] };
    if (known === undefined) this.#open.set(key, event);
    for (const [name, values] of fields) {
      const all = event.fields.get(name) ?? [];
      for (const value of values) if (!all.includes(value)) all.push(value);
      event.fields.set(name, all);
    }
    if (event.lines.length < mostLines) event.lines.push(line);
    if (type === 'EOE') this.#close(key, event);
    else if (this.#open.size > mostOpen) this.#closeOldest();
  }

  finish(): void {
    for (const [key, event] of this.#open) this.#close(key, event);
  }

  #closeOldest(): void {
    const [oldest] = this.#open;
    if (oldest !== undefined) this.#close(...oldest);
  }

  #close(key: string, event: AuditEvent): void {
    this.#open.delete(key);
    this.#take(event);
  }
}
