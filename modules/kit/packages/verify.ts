/**
 * Compares files with what their packages say of them. The native engine looks at each and computes the digests, many
 * at once.
 */
import { createHash } from 'node:crypto';
import {
  type DigestAlgorithm,
  fileOutcomes,
  fileTypes,
  native,
  type VerifiedFiles,
  type VerifyPlan,
} from '../../../native/index.ts';
import type { SkipReason } from '../../../protocol/result/result.ts';
import { awaitTask } from '../await-task.ts';
import type { Host } from '../files/host.ts';
import { toPath } from '../files/latin1-text.ts';
import type { Work } from '../work.ts';
import { hasCapabilities } from './capabilities.ts';
import type { Difference, ExpectedFile } from './expected-file.ts';

export interface VerifyWork extends Pick<Work<object>, 'gate' | 'signal' | 'limits'> {
  readonly findings: Pick<Work<object>['findings'], 'skip'>;
}

/** A file as it is, beside its expectation. */
type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'altered'; readonly differs: readonly Difference[] }
  /** It could not be examined. */
  | { readonly kind: 'unknown'; readonly reason: SkipReason };

const rawBytes: Readonly<Record<DigestAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
  'sha3-224': 28,
  'sha3-256': 32,
  'sha3-384': 48,
  'sha3-512': 64,
};

function toPlan(host: Host, files: readonly ExpectedFile[], algorithm: DigestAlgorithm, work: VerifyWork): VerifyPlan {
  const size = rawBytes[algorithm];
  const digests = Buffer.alloc(files.length * size);
  const hasDigest = Buffer.alloc(files.length);
  for (const [index, { digest }] of files.entries())
    if (digest !== undefined && digests.write(digest.hex, index * size, size, 'hex') === size) hasDigest[index] = 1;
  const { gate, limits } = work;
  return {
    root: host.at('/').replace(/\/$/, ''),
    paths: Buffer.from(files.map(({ path }) => `${path}\0`).join(''), 'latin1'),
    algorithm,
    digests,
    hasDigest,
    capabilities: files.some(({ capabilities }) => capabilities !== undefined),
    threads: limits.threads,
    cpuPercent: limits.cpuPercent,
    seconds: 0,
    protectedPatterns: gate.protection.rules,
    protectedContents: gate.protection.contents,
    protectedQuestions: Math.max(0, gate.protection.questions - gate.answered),
  };
}

function leadsThere(host: Host, { path, link }: ExpectedFile): boolean {
  if (link === undefined) return true;
  const end = path.lastIndexOf('/');
  const folder = host.resolve(toPath(path.slice(0, end)));
  const target = folder === undefined ? undefined : host.linkAt(`${folder}/${toPath(path.slice(end + 1))}`);
  if (target === undefined) return false;
  return typeof link === 'string'
    ? target === toPath(link)
    : createHash(link.algorithm).update(target).digest('hex') === link.hex;
}

/** A package that says nothing of a file's type has digests of files, or of a link's text. */
function isOfType({ type, digest, link }: ExpectedFile, found: (typeof fileTypes)[number]): boolean {
  if (type !== undefined) return type === found;
  return digest === undefined || found === 'file' || (found === 'link' && link !== undefined);
}

/** Compares what was found, file by file. */
class Comparison {
  readonly #host: Host;
  readonly #found: VerifiedFiles;
  readonly #capabilities: ReadonlyMap<number, Buffer>;

  constructor(host: Host, found: VerifiedFiles) {
    this.#host = host;
    this.#found = found;
    this.#capabilities = new Map(found.capabilities.map(({ file, value }) => [file, value]));
  }

  judge(file: ExpectedFile, index: number): Verdict {
    const { outcomes, types } = this.#found;
    const outcome = fileOutcomes[outcomes[index] ?? 0] ?? 'unseen';
    if (outcome === 'missing')
      return file.mayBeMissing === true ? { kind: 'same' } : { kind: 'altered', differs: ['missing'] };
    if (outcome === 'unseen') return { kind: 'unknown', reason: 'read-error' };
    if (outcome !== 'same' && outcome !== 'differs') return { kind: 'unknown', reason: outcome };
    const type = fileTypes[types[index] ?? 0];
    if (type === undefined || !isOfType(file, type)) return { kind: 'altered', differs: ['type'] };
    const differs = this.#differencesOf(file, index, outcome === 'differs', type === 'link');
    return differs.length === 0 ? { kind: 'same' } : { kind: 'altered', differs };
  }

  #differencesOf(file: ExpectedFile, index: number, isOtherContent: boolean, isLink: boolean): readonly Difference[] {
    const { modes, users, groups } = this.#found;
    const differs: Difference[] = [];
    if (isOtherContent) differs.push('content');
    if (!isLink && file.mode !== undefined && file.mode !== modes[index]) differs.push('mode');
    const isOfOther =
      (file.user !== undefined && file.user !== users[index]) ||
      (file.group !== undefined && file.group !== groups[index]);
    if (isOfOther) differs.push('owner');
    if (isLink && !leadsThere(this.#host, file)) differs.push('link');
    const { capabilities } = file;
    const value = this.#capabilities.get(index) ?? Buffer.alloc(0);
    if (capabilities !== undefined && hasCapabilities(value, capabilities) === false) differs.push('capability');
    return differs;
  }
}

async function verifyOne(
  host: Host,
  files: readonly ExpectedFile[],
  algorithm: DigestAlgorithm,
  work: VerifyWork,
): Promise<readonly Verdict[]> {
  const plan = toPlan(host, files, algorithm, work);
  const job = native().startVerify?.(plan);
  if (job === undefined) return files.map(() => ({ kind: 'unknown', reason: 'unsupported' }));
  const found = await awaitTask(job, work.signal);
  work.gate.countAnswered(found.protectedQuestions);
  const comparison = new Comparison(host, found);
  return files.map((file, index) =>
    // A digest that is none, in a damaged list, says nothing of the file.
    file.digest !== undefined && plan.hasDigest[index] !== 1
      ? { kind: 'unknown', reason: 'read-error' }
      : comparison.judge(file, index),
  );
}

/** Nearly always one group. What has no digest goes with any. */
function groupByAlgorithm(files: readonly ExpectedFile[]): ReadonlyMap<DigestAlgorithm, readonly ExpectedFile[]> {
  const groups = new Map<DigestAlgorithm, ExpectedFile[]>();
  const usual = files.find(({ digest }) => digest !== undefined)?.digest?.algorithm ?? 'md5';
  for (const file of files) {
    const algorithm = file.digest?.algorithm ?? usual;
    const group = groups.get(algorithm);
    if (group === undefined) groups.set(algorithm, [file]);
    else group.push(file);
  }
  return groups;
}

/**
 * Verdicts in the order of the files. Reasons of unknown ones are counted as skips.
 * @param files tens of thousands at once, so that memory stays bounded.
 */
export async function verifyFiles(
  host: Host,
  files: readonly ExpectedFile[],
  work: VerifyWork,
): Promise<readonly Verdict[]> {
  const verdicts = new Map<ExpectedFile, Verdict>();
  const groups = groupByAlgorithm(files);
  for (const [algorithm, group] of groups) {
    const judged = await verifyOne(host, group, algorithm, work);
    for (const [index, file] of group.entries()) {
      const verdict = judged[index];
      if (verdict === undefined) continue;
      verdicts.set(file, verdict);
      if (verdict.kind === 'unknown') work.findings.skip(verdict.reason);
    }
  }
  return files.map((file) => verdicts.get(file) ?? { kind: 'unknown', reason: 'read-error' });
}
