/** Journal files as systemd writes them, and what journalctl says about them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const remote = '/usr/lib/systemd/systemd-journal-remote';
export const hasJournalctl = spawnSync('journalctl', ['--version']).status === 0;

/** Why nothing can be compared with systemd here; false when it can. */
export const noSystemd =
  existsSync(remote) && hasJournalctl
    ? false
    : 'needs journalctl and journal-remote (apt-get install systemd-journal-remote)';
if (noSystemd !== false) process.stderr.write(`SKIPPED: ${noSystemd}, journals were NOT compared with systemd\n`);

export interface Entry {
  readonly realtime: number;
  readonly boot?: string;
  /** A value of bytes is binary; a list is several values of one field. */
  readonly fields: Readonly<Record<string, string | Buffer | readonly string[]>>;
}

/** Made once, so that every run has the same entries. */
export const firstRealtime = 1_700_000_000_000_000;
const firstBoot = 'a'.repeat(32);

function toExportField(name: string, value: string | Buffer): Buffer {
  if (typeof value === 'string' && !value.includes('\n')) return Buffer.from(`${name}=${value}\n`);
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from('\n')]);
}

/** @see https://systemd.io/JOURNAL_EXPORT_FORMATS/ */
function toExport(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  for (const [index, { realtime, boot = firstBoot, fields }] of entries.entries()) {
    const monotonic = 1_000_000 + index;
    parts.push(Buffer.from(`__REALTIME_TIMESTAMP=${realtime}\n__MONOTONIC_TIMESTAMP=${monotonic}\n_BOOT_ID=${boot}\n`));
    for (const [name, values] of Object.entries(fields))
      for (const value of typeof values === 'string' || Buffer.isBuffer(values) ? [values] : values)
        parts.push(toExportField(name, value));
    parts.push(Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}

export interface JournalForm {
  readonly compact: boolean;
  readonly keyedHash: boolean;
}

/** Writes the entries into journal files in the folder. */
export function writeJournal(folder: string, entries: readonly Entry[], form: JournalForm, name = 'made'): void {
  mkdirSync(folder, { recursive: true });
  const env = {
    ...process.env,
    SYSTEMD_JOURNAL_COMPACT: form.compact ? '1' : '0',
    SYSTEMD_JOURNAL_KEYED_HASH: form.keyedHash ? '1' : '0',
  };
  const file = join(folder, `${name}.journal`);
  const { status, stderr } = spawnSync(remote, ['-o', file, '-'], { input: toExport(entries), env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`journal-remote failed: ${stderr}`);
}

export const journalsOf = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));

export interface Counted {
  readonly matched: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

/** What journalctl finds. @param filters fields with values, `-g` and the like. */
export function askJournalctl(folder: string, filters: readonly string[]): Counted {
  const options = ['-D', folder, '-o', 'json', '--output-fields=PRIORITY', '--case-sensitive=true', '-q', '--no-pager'];
  const { stdout, stderr, status } = spawnSync('journalctl', [...options, ...filters], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
  });
  if (status !== 0 && stderr !== '') throw new Error(`journalctl failed: ${stderr}`);
  const times = [...stdout.matchAll(/"__REALTIME_TIMESTAMP" : "(\d+)"|"__REALTIME_TIMESTAMP":"(\d+)"/g)].map(
    ([, spaced, plain]) => Number(spaced ?? plain) / 1000,
  );
  return {
    matched: times.length,
    firstMs: times.length === 0 ? null : Math.min(...times),
    lastMs: times.length === 0 ? null : Math.max(...times),
  };
}
