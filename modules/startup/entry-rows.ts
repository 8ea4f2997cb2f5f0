/** Rows of entries: what is there of the file and of what it starts. */
import { dirname } from 'node:path';
import type { FileStatus } from '../kit/files/file-status.ts';
import type { Host, StatusOfFile } from '../kit/files/host.ts';
import { toPath, toText } from '../kit/files/latin1-text.ts';
import { redactCommand } from '../kit/secrets/redact.ts';
import type { StartupEntry, State } from './entry.ts';
import type { Row } from './row.ts';

const kind = 'startup';
const mayOthersWrite = 0o002;
const isSticky = 0o1000;

type WritableRow = { -readonly [Column in keyof Row]: Row[Column] };

/** Undefined for the mask of a unit: a device has no content. */
function toChanged(files: readonly StatusOfFile[]): number | null | undefined {
  if (files.some(({ state }) => state === 'unknown')) return null;
  const times = files.flatMap((file) =>
    file.state === 'there' && file.status.kind !== 'device' ? [file.status.changedMs] : [],
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

function toMode({ mode }: FileStatus): string {
  return mode.toString(8).padStart(4, '0');
}

export class EntryRows {
  readonly #host: Host;
  readonly #asked: ReadonlySet<string>;
  readonly #known = new Map<string, StatusOfFile>();
  readonly #commands = new Map<string, string>();
  readonly #digests = new Map<string, string | null>();

  /** @param asked columns that the question filters or groups by. */
  constructor(host: Host, asked: ReadonlySet<string>) {
    this.#host = host;
    this.#asked = asked;
  }

  toRow(entry: StartupEntry): Row {
    const { kind: of, name, path, line, trigger, schedule, user, command, overrides } = entry;
    const target = entry.target === undefined ? undefined : toPath(entry.target);
    const file = this.#statusOf(path);
    const started = target === undefined ? undefined : this.#statusOf(target);
    const row: WritableRow = { kind: of, name, trigger, path: this.#host.at(path) };
    row.state = entry.states === null ? null : [...entry.states, ...this.#observe(path, target)];
    if (schedule !== undefined) row.schedule = toText(schedule);
    if (user !== undefined) row.user = toText(user);
    if (command !== undefined) this.#addCommand(row, command);
    if (target !== undefined) row.target = this.#host.at(target);
    if (started?.state === 'there') row.mode = toMode(started.status);
    if (started?.state === 'unknown') row.mode = null;
    if (target !== undefined && started?.state !== 'absent' && this.#asked.has('sha256'))
      row.sha256 = this.#digestOf(target);
    const changed = toChanged(started === undefined ? [file] : [file, started]);
    if (changed !== undefined) row.changed = changed;
    if (overrides !== undefined) row.override = overrides.map((one) => this.#host.at(one));
    if (line !== undefined) row.line = line;
    return row;
  }

  #observe(path: string, target: string | undefined): State[] {
    const files = target === undefined ? [path] : [path, target];
    const isMissing = target !== undefined && this.#statusOf(target).state === 'absent';
    return [...(isMissing ? ['missing' as const] : []), ...(files.some(this.#isWritable) ? ['writable' as const] : [])];
  }

  /** Whether everybody may write the file, or put another in its place. */
  readonly #isWritable = (path: string): boolean => {
    const [file, folder] = [this.#statusOf(path), this.#statusOf(dirname(path))];
    // Everybody may write a device such as /dev/null, which masks a unit.
    if (file.state !== 'there' || file.status.kind === 'device') return false;
    if ((file.status.mode & mayOthersWrite) !== 0) return true;
    return folder.state === 'there' && (folder.status.mode & (mayOthersWrite | isSticky)) === mayOthersWrite;
  };

  /** Secrets are looked for when the command is told or compared: that costs more than the rest of the row. */
  #addCommand(row: WritableRow, command: string): void {
    Object.defineProperty(row, 'command', { enumerable: true, get: () => this.#toShown(command) });
  }

  /** Timers have the commands of their services. */
  #toShown(command: string): string {
    const shown = this.#commands.get(command) ?? toText(redactCommand(command));
    this.#commands.set(command, shown);
    return shown;
  }

  #statusOf(path: string): StatusOfFile {
    const known = this.#known.get(path) ?? this.#host.status(kind, path);
    this.#known.set(path, known);
    return known;
  }

  #digestOf(path: string): string | null {
    const known = this.#digests.get(path);
    if (known !== undefined) return known;
    const digest = this.#host.digest(kind, path);
    this.#digests.set(path, digest);
    return digest;
  }
}
