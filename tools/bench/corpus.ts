/** The data for searches: made once below the system's temporary folder, the same bytes on every machine. */
import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const corpora = {
  many: '200,000 text files of 1 to 16 KB in 2,521 directories',
  big: '40 random files of 100 MB',
  text: 'one text file of 600 MB',
  repeats: 'two files of lines of one letter, 16 MB and 32 MB',
  logs: '14 rotated logs of 20 MB, 12 of them packed with gzip',
} as const;
export type CorpusName = keyof typeof corpora;

/** Part of the folder's name: other data goes to another folder. */
const version = 1;
export const benchFolder: string = join(tmpdir(), `mig-bench-${version}`);

const mebibyte = 1024 * 1024;

/** In the last file of `many` and in the last line of `text`, nowhere else. */
export const needle = 'AKIA0123456789ABCDEF-needle';

/** Endless bytes from a number: the key stream of a cipher. */
function byteStream(seed: number): (count: number) => Buffer {
  const key = Buffer.alloc(32);
  key.writeUInt32LE(seed);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (count) => cipher.update(Buffer.alloc(count));
}

function numberStream(seed: number): (limit: number) => number {
  const next = byteStream(seed);
  let numbers: Uint32Array = new Uint32Array();
  let used = 0;
  return (limit) => {
    if (used === numbers.length) {
      const bytes = next(64 * 1024);
      numbers = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      used = 0;
    }
    const number = numbers[used] ?? 0;
    used += 1;
    return number % limit;
  };
}

/** Lines of made-up words, some numbers and hexadecimal strings among them. */
function makeText(bytes: number, seed: number): Buffer {
  const pick = numberStream(seed);
  const letter = (): string => 'etaoinshrdlucmfwypvbgk'.charAt(Math.min(pick(22), pick(22)));
  const vocabulary = Array.from({ length: 4000 }, () => Array.from({ length: 2 + pick(8) }, letter).join(''));
  const parts: string[] = [];
  let left = bytes;
  while (left > 0) {
    const kind = pick(40);
    const word = kind === 0 ? String(pick(100_000)) : kind === 1 ? pick(2 ** 32).toString(16) : vocabulary[pick(4000)];
    const part = `${word}${pick(11) === 0 ? '\n' : ' '}`;
    parts.push(part);
    left -= part.length;
  }
  return Buffer.from(parts.join('').slice(0, bytes), 'latin1');
}

function makeMany(folder: string): void {
  const pool = makeText(16 * mebibyte, 1);
  const pick = numberStream(2);
  for (let group = 0; group < 20; group += 1) {
    for (let leaf = 0; leaf < 125; leaf += 1) {
      const directory = join(folder, `group${group}`, `leaf${leaf}`);
      mkdirSync(directory, { recursive: true });
      for (let index = 0; index < 80; index += 1) {
        const bytes = 1024 + pick(15 * 1024);
        const from = pick(pool.length - bytes);
        const isLast = group === 19 && leaf === 124 && index === 79;
        const head = `# file ${group}-${leaf}-${index}\n${isLast ? `${needle}\n` : ''}`;
        const name = `${vocabularyName(pick)}-${index}.${['txt', 'log', 'conf', 'csv'][index % 4]}`;
        writeFileSync(join(directory, name), Buffer.concat([Buffer.from(head), pool.subarray(from, from + bytes)]));
      }
    }
  }
}

function vocabularyName(pick: (limit: number) => number): string {
  return ['report', 'system', 'access', 'kernel', 'session', 'backup'][pick(6)] ?? '';
}

function makeBig(folder: string): void {
  for (let index = 0; index < 40; index += 1) {
    const next = byteStream(100 + index);
    const file = openSync(join(folder, `random-${index}.bin`), 'w');
    for (let part = 0; part < 100; part += 1) writeSync(file, next(1_000_000));
    closeSync(file);
  }
}

function makeLargeText(folder: string): void {
  const pool = makeText(16 * mebibyte, 3);
  const pick = numberStream(4);
  const file = openSync(join(folder, 'all.txt'), 'w');
  for (let left = 600_000_000 - needle.length - 2; left > 0; ) {
    const bytes = Math.min(left, mebibyte);
    const from = pick(pool.length - bytes);
    writeSync(file, pool, from, bytes);
    left -= bytes;
  }
  writeSync(file, `\n${needle}\n`);
  closeSync(file);
}

function makeRepeats(folder: string): void {
  const line = `${'a'.repeat(999)}\n`;
  writeFileSync(join(folder, 'one'), line.repeat(16 * 1024));
  writeFileSync(join(folder, 'two'), line.repeat(32 * 1024));
}

const messages: readonly ((pick: (limit: number) => number, user: string) => string)[] = [
  (pick, user) =>
    `sshd[${pick(99_999)}]: Failed password for invalid user ${user} from 203.0.113.${pick(256)} port ${pick(65_536)} ssh2`,
  (pick, user) =>
    `sshd[${pick(99_999)}]: Accepted publickey for ${user} from 198.51.100.${pick(256)} port ${pick(65_536)} ssh2: RSA SHA256:abc`,
  (pick, user) =>
    `CRON[${pick(99_999)}]: pam_unix(cron:session): session opened for user ${user}(uid=${pick(2000)}) by (uid=0)`,
  (pick, user) => `systemd[1]: Started Session ${pick(99_999)} of user ${user}.`,
  (pick) => `postfix/smtpd[${pick(99_999)}]: connect from unknown[192.0.2.${pick(256)}]`,
];

function makeLog(bytes: number, startMs: number, seed: number): Buffer {
  const pick = numberStream(seed);
  const lines: string[] = [];
  let timeMs = startMs;
  for (let left = bytes; left > 0; ) {
    timeMs += pick(3000);
    // `Sat, 31 Jan 2026 07:00:00 GMT`
    const [, day = '', month, , clock] = new Date(timeMs).toUTCString().split(' ');
    const user = ['oracle', 'root', 'admin', 'test', 'postgres'][pick(5)] ?? '';
    const line = `${month} ${day.replace(/^0/, ' ')} ${clock} web1 ${messages[pick(5)]?.(pick, user)}\n`;
    lines.push(line);
    left -= line.length;
  }
  return Buffer.from(lines.join(''), 'latin1');
}

/** `auth.log`, `auth.log.1`, `auth.log.2.gz`. */
function makeLogs(folder: string): void {
  for (let number = 0; number < 14; number += 1) {
    const log = makeLog(20_000_000, Date.UTC(2026, 5, 1) - number * 4 * 86_400_000, 200 + number);
    const name = number === 0 ? 'auth.log' : `auth.log.${number}`;
    if (number < 2) writeFileSync(join(folder, name), log);
    else writeFileSync(join(folder, `${name}.gz`), gzipSync(log));
  }
}

const makers: Readonly<Record<CorpusName, (folder: string) => void>> = {
  many: makeMany,
  big: makeBig,
  text: makeLargeText,
  repeats: makeRepeats,
  logs: makeLogs,
};

/** The folder of a corpus; made unless it is complete. */
export function prepareCorpus(name: CorpusName, onProgress: (line: string) => void): string {
  const folder = join(benchFolder, name);
  const finished = join(benchFolder, `${name}.made`);
  if (existsSync(finished)) return folder;
  onProgress(`make ${name}: ${corpora[name]} in ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  makers[name](folder);
  writeFileSync(finished, '');
  return folder;
}

/** Brings a corpus into the page cache. */
export function warmCorpus(folder: string): void {
  spawnSync('find', [folder, '-type', 'f', '-exec', 'cat', '{}', '+'], { stdio: 'ignore' });
}

/** Removes all corpora and other files of the benchmark. */
export function removeCorpora(): void {
  rmSync(benchFolder, { recursive: true, force: true });
}
