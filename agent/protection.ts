/** What the people who signed may not learn here, and how many questions about protected things are still answered. */
import { join } from 'node:path';
import * as z from 'zod';
import { type Protection, protectedQuestions } from '../modules/contract.ts';
import { ruleFor, weigh } from '../protocol/acl.ts';
import type { BakedEnvironment } from '../protocol/environment.ts';
import { type AnswerClass, isMet, mayHave } from '../protocol/protection.ts';
import type { OperationResult } from '../protocol/result.ts';
import { AppendLog, readLines } from './append-log.ts';
import { writeDurably } from './durable-file.ts';

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
    writeDurably(path, Buffer.from(this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')));
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

  /** On the disk when this returns: to be called before the answer leaves. */
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

/** Every rule for the module, with what these signers may do about the paths in it. */
export function toProtectionRules(
  rules: Pick<BakedEnvironment, 'acl' | 'protected'>,
  module: string,
  answer: AnswerClass,
  people: ReadonlySet<string>,
): Protection['rules'] {
  const rule = ruleFor(rules.acl, module);
  const signers = weigh(rule, people);
  return [...rules.protected, ...(rule?.protected ?? [])].flatMap(({ paths, content, answers }) => {
    const mayTell = mayHave(answers, answer, signers);
    const mayRead = mayTell && isMet(content, signers);
    return paths.map((glob) => ({ glob, mayRead, mayTell }));
  });
}

/** A path as a pattern that fits nothing else, as globs are written on every system. */
function toLiteralGlob(path: string): string {
  const slashed = path.replaceAll('\\', '/').replaceAll(/[*?[]/g, (character) => `[${character}]`);
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

/**
 * What an agent keeps for itself, whatever the environment protects and whoever asks: with its key, anybody could answer in
 * its name. One pattern for every depth, and one each for the few that there are, whose files are known by their inodes, too.
 */
export function ownRules(stateDirectory: string): Protection['rules'] {
  const folder = toLiteralGlob(stateDirectory);
  return ['/**', '/*', '/*/*', '/*/*/*'].map((below) => ({ glob: `${folder}${below}`, mayRead: false, mayTell: true }));
}

/**
 * How many questions about protected content an operation has answered, by its receipt. One that ended without a receipt may
 * have looked at everything it was allowed to, and how it ended can be an answer.
 */
export function countProtectedQuestions({ success, receipt }: OperationResult, allowed: number): number {
  const hasReceipt = success || Object.keys(receipt.examined).length > 0;
  return hasReceipt ? (receipt.examined[protectedQuestions] ?? 0) : allowed;
}
