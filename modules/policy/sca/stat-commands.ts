/** `stat` of one file: which modes and owners a pattern accepts is found by trying all modes. */
import { toSearchOfOne } from './file-search.ts';
import { type Minterm, toMatcher } from './minterms.ts';
import type { Rule } from './rule-type.ts';
import { Untranslated } from './untranslated.ts';

const bits = 'rwxrwxrwx';

/** As `ls -l` prints it. */
function toLetters(mode: number, kind: string): string {
  const letters = [...bits].map((letter, at) => ((mode & (0o400 >> at)) === 0 ? '-' : letter));
  for (const [bit, at, sign] of [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const)
    if ((mode & bit) !== 0) letters[at] = letters[at] === 'x' ? sign : sign.toUpperCase();
  return `${kind}${letters.join('')}`;
}

/** Anchored, in the form of the module `file`: u, g and t ahead. */
function toModePattern(modes: readonly number[]): string {
  const three = (value: number): string =>
    [...'rwx'].map((letter, at) => ((value & (4 >> at)) === 0 ? '-' : letter)).join('');
  const special = (value: number): string => [...'ugt'].filter((_, at) => (value & (4 >> at)) !== 0).join('');
  const parts = [9, 6, 3, 0].map((shift) => [...new Set(modes.map((mode) => (mode >> shift) & 7))]);
  const isProduct = parts.reduce((product, values) => product * values.length, 1) === modes.length;
  const choose = (values: readonly string[]): string =>
    values.length === 1 ? (values[0] ?? '') : `(?:${values.join('|')})`;
  if (!isProduct) {
    if (modes.length > 64) throw new Untranslated('a pattern on modes that have no simple form');
    return `^${choose(modes.map((mode) => `${special(mode >> 9)}-${[6, 3, 0].map((shift) => three((mode >> shift) & 7)).join('')}`))}$`;
  }
  const [ahead = [], ...rest] = parts;
  return `^${choose(ahead.map(special))}-${rest.map((values) => choose(values.map(three))).join('')}$`;
}

interface Owner {
  readonly name: string;
  readonly number: number;
}
const root: Owner = { name: 'root', number: 0 };
const stranger: Owner = { name: 'zzyzx', number: 54_321 };

type Print = (path: string, mode: number, user: Owner, group: Owner, kind?: '-' | 'd' | 'l') => readonly string[];

const printByDefault: Print = (path, mode, user, group, kind = '-') => [
  `  File: ${path}`,
  `Access: (${mode.toString(8).padStart(4, '0')}/${toLetters(mode, kind)})  Uid: (${String(user.number).padStart(5)}/${user.name.padStart(8)})   Gid: (${String(group.number).padStart(5)}/${group.name.padStart(8)})`,
];

function printAs(format: string): Print {
  const unknown = format.replaceAll(/%[naAuUgG]/g, '');
  if (unknown.includes('%') || unknown.includes('\\')) throw new Untranslated(`stat with the format ${format}`);
  return (path, mode, user, group, kind = '-') => {
    const values: Readonly<Record<string, string>> = {
      n: path,
      a: mode.toString(8),
      A: toLetters(mode, kind),
      u: String(user.number),
      U: user.name,
      g: String(group.number),
      G: group.name,
    };
    return [format.replaceAll(/%([naAuUgG])/g, (_, letter: string) => values[letter] ?? '')];
  };
}

/** Whether only root is accepted, or anybody. */
function ownersOf(accepts: (owner: Owner) => boolean): readonly string[] | undefined {
  const [ofRoot, ofStranger] = [accepts(root), accepts(stranger)];
  if (ofRoot && !ofStranger) return ['root'];
  if (ofRoot && ofStranger) return undefined;
  throw new Untranslated('a pattern on owners other than root');
}

/** Names that are neither words of the output nor root. */
function namesOthers(pattern: string, path: string): boolean {
  const plain = pattern.replaceAll(path, '').replaceAll(/\\.|\[[^\]]*\]/g, ' ');
  return (plain.match(/[A-Za-z_]{2,}/g) ?? []).some((word) => !/^(?:access|uid|gid|root|file|[rwxst]+)$/i.test(word));
}

/** By convention; other paths are taken for files, and decide nothing where none is there. */
const knownFolder =
  /(?:\.(?:d|hourly|daily|weekly|monthly)|^\/(?:boot|root|home|tmp|etc\/(?:ssh|audit)|var\/log(?:\/audit)?))$/;

const allModes = Array.from({ length: 0o10000 }, (_, mode) => mode);

/** Undefined for other commands. @throws Untranslated */
export function toStatRule(command: string, minterms: readonly Minterm[]): Rule | undefined {
  const [, follows = '', format, path] =
    /^stat (?:(-L|-c|-Lc|-L -c|-L --format)? ?)(?:["']([^"']+)["'] )?(\/[\w./@+-]*[\w@+-])$/.exec(command) ?? [];
  if (path === undefined || follows.includes('c') !== (format !== undefined)) return undefined;
  if (minterms.some(({ pattern }) => namesOthers(pattern, path)))
    throw new Untranslated('a pattern on owners other than root');
  if (minterms.some(({ isNegated }) => isNegated) && minterms.length === 1)
    throw new Untranslated('a pattern that no line of this output matches');
  const print = format === undefined ? printByDefault : printAs(format);
  const matches = toMatcher(minterms);
  const accepts = (mode: number, user: Owner, group: Owner): boolean => matches(print(path, mode, user, group));
  const modes = allModes.filter((mode) => accepts(mode, root, root));
  const [sample] = modes;
  if (sample === undefined) throw new Untranslated('a pattern that no mode of a file fits');
  const users = ownersOf((user) => accepts(sample, user, root));
  const groups = ownersOf((group) => accepts(sample, root, group));
  const fitting = new Set(modes);
  /** Without alternatives an owner is accepted with each mode, or with none. */
  const depends = minterms.length > 1 || minterms.some(({ pattern }) => pattern.includes('|'));
  if (
    (depends ? allModes : modes).some(
      (mode) =>
        accepts(mode, stranger, root) !== (users === undefined && fitting.has(mode)) ||
        accepts(mode, root, stranger) !== (groups === undefined && fitting.has(mode)),
    )
  )
    throw new Untranslated('a pattern whose owners depend on the mode');
  const limited = modes.length === allModes.length ? {} : { modes: [toModePattern(modes)] };
  const owners = { ...(users === undefined ? {} : { users }), ...(groups === undefined ? {} : { groups }) };
  if (!follows.includes('L') && matches(print(path, 0o777, root, root, 'l')))
    throw new Untranslated('what may be a link, of which searches do not tell the owner');
  const links = follows.includes('L') ? {} : { links: ['!.'] };
  const holds = { found: toSearchOfOne(path, { ...limited, ...owners, ...links }) };
  const mayBeFolder = modes.some((mode) => matches(print(path, mode, root, root, 'd')));
  if (!mayBeFolder) return { holds };
  if (knownFolder.test(path)) throw new Untranslated('the mode of a folder: searches find files alone');
  return { holds, decidable: { found: toSearchOfOne(path, {}) } };
}
