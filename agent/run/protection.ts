/** Rules for protected things, as they apply to the people who signed, and the hour's limit of questions about them. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceDurably } from '../../host/replace-file.ts';
import type { Protection } from '../../modules/kit/gate.ts';
import { ruleFor, weigh } from '../../protocol/environment/acl.ts';
import type { DisclosureClass } from '../../protocol/environment/disclosure.ts';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { isMet, mayHave } from '../../protocol/environment/protection.ts';
import { AppendLog, readLines } from '../state/append-log.ts';

const hourMs = 3600 * 1000;

const Entry = z.strictObject({ timeMs: z.number(), questions: z.int().positive() });
type Entry = z.infer<typeof Entry>;

/** The questions about protected things of the last hour, whoever asked; kept across restarts. */
export class ProtectedQuestions {
  readonly #log: AppendLog;
  readonly #perHour: number;
  #entries: Entry[];
  /** Handed to operations that run now. */
  #reserved = 0;

  constructor(directory: string, perHour: number, nowMs: number) {
    const path = join(directory, 'protected-questions.jsonl');
    const entries = readLines(path).map((line) => Entry.parse(JSON.parse(line)));
    this.#perHour = perHour;
    this.#entries = entries.filter(({ timeMs }) => timeMs > nowMs - hourMs);
    replaceDurably(path, Buffer.from(this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
    this.#log = AppendLog.open(path);
  }

  /** An entry from the future stays: a clock that was set back does not give new questions. */
  left(nowMs: number): number {
    this.#entries = this.#entries.filter(({ timeMs }) => timeMs > nowMs - hourMs);
    const used = this.#entries.reduce((sum, { questions }) => sum + questions, 0);
    return Math.max(0, this.#perHour - used - this.#reserved);
  }

  reserve(nowMs: number): number {
    const questions = this.left(nowMs);
    this.#reserved += questions;
    return questions;
  }

  /** On the disk when this returns. To be called before the report leaves. */
  settle(reserved: number, used: number, nowMs: number): void {
    this.#reserved -= reserved;
    if (used === 0) return;
    const entry = { timeMs: nowMs, questions: used };
    this.#log.append(entry);
    this.#entries.push(entry);
  }

  close(): void {
    this.#log.close();
  }
}

export type ProtectionRules = Pick<Protection, 'rules' | 'contents'>;

/** Every rule for the module, with what these signers may do about what it protects. */
export function toProtectionRules(
  rules: Pick<BakedEnvironment, 'acl' | 'protected'>,
  module: string,
  disclosure: DisclosureClass,
  people: ReadonlySet<string>,
): ProtectionRules {
  const rule = ruleFor(rules.acl, module);
  const signers = weigh(rule, people);
  const judged = [...rules.protected, ...(rule?.protected ?? [])].map(({ paths, kinds = [], content, answers }) => {
    const mayTell = mayHave(answers, disclosure, signers);
    return { paths, kinds, mayTell, mayRead: mayTell && isMet(content, signers) };
  });
  return {
    rules: judged.flatMap(({ paths, mayTell, mayRead }) => paths.map((glob) => ({ glob, mayRead, mayTell }))),
    contents: judged.flatMap(({ kinds, mayRead }) => kinds.map((kind) => ({ kind, mayRead }))),
  };
}

/** A path as a pattern that fits nothing else, as globs are written on every system. */
function toLiteralGlob(path: string): string {
  const slashed = path.replaceAll('\\', '/').replaceAll(/[*?[]/g, (character) => `[${character}]`);
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

export function joinRules(...all: readonly ProtectionRules[]): ProtectionRules {
  return { rules: all.flatMap(({ rules }) => rules), contents: all.flatMap(({ contents }) => contents) };
}

/** Packages hold the executable, which is told by its own bytes elsewhere, in another form. */
const packageEndings = ['deb', 'rpm', 'msi', 'pkg', 'zip', 'tar', 'tar.*', 'tgz', 'txz', 'gz', 'xz', 'zst', 'bz2'];

/** Files of agents, relays and investigators by which somebody could speak in their name, wherever on the host. */
const ownPlaces = [
  ...packageEndings.map((ending) => `**/mig-agent*.${ending}`),
  '**/mig-agent/*/identity.json*',
  '**/mig-server/environment*',
  '**/mig-server/agent-password*',
  '**/mig-server/*key.pem*',
  '**/mig-server/database/**',
  '**/mig/session-*.json*',
  '**/mig/config.json*',
];

/** This executable, by its real path as long as it has one. */
function readOwnExecutable(): string {
  try {
    return realpathSync(process.execPath);
  } catch {
    return process.execPath;
  }
}

/**
 * Files that an agent keeps for itself, whatever the environment protects and whoever asks. With its key, or the password in
 * its executable, anybody could speak in its name. Of the state one pattern for every depth, and one each for the few that
 * there are, whose files are known by their inodes, too.
 */
export function ownRules(stateDirectory: string, executable = readOwnExecutable()): ProtectionRules {
  const folder = toLiteralGlob(stateDirectory);
  const state = ['/**', '/*', '/*/*', '/*/*/*'].map((below) => `${folder}${below}`);
  const globs = [...state, toLiteralGlob(executable), ...ownPlaces];
  return {
    rules: globs.map((glob) => ({ glob, mayRead: false, mayTell: true })),
    contents: (['agent-key', 'agent-executable'] as const).map((kind) => ({ kind, mayRead: false })),
  };
}
