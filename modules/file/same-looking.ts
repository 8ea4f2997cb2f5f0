/** Paths that look the same: a letter and its marks may be one character (form C of Unicode) or several (form D). */
import { readdirSync } from 'node:fs';
import { parse, sep } from 'node:path';

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** The names in a folder that look like this one; the name itself when the folder does not tell. */
function namesLike(folder: string, name: string): readonly string[] {
  const composed = name.normalize('NFC');
  try {
    const same = readdirSync(folder).filter((other) => other.normalize('NFC') === composed);
    return same.length > 0 ? same : [name];
  } catch {
    return [name];
  }
}

/**
 * The existing paths that look like this one, or the path itself. One with bytes that are not UTF-8 looks like no other.
 * @param path absolute, in this system's normal form
 */
export function findSameLooking(path: Uint8Array): readonly Uint8Array[] {
  const text = Buffer.from(path).toString();
  if (isAscii(text) || !Buffer.from(text).equals(path)) return [path];
  const { root } = parse(text);
  let found: readonly string[] = [''];
  for (const name of text.slice(root.length).split(sep))
    found = found.flatMap((folder) => {
      const names = isAscii(name) ? [name] : namesLike(root + folder, name);
      return names.map((one) => (folder === '' ? one : `${folder}${sep}${one}`));
    });
  return found.map((one) => Buffer.from(root + one));
}

/** Half of a character beyond 16 bits, marks, and the later letters of a Korean syllable: what follows the first code unit. */
const following = '\\udc00-\\udfff\u0300-\u036f\u0653-\u0655\u093c\u3099\u309a\u1161-\u1175\u11a8-\u11c2';

/** One letter with its marks. */
const anyLetter = `?*([${following}])`;

function escapeSign(letter: string): string {
  return /[\w\s]/.test(letter) || !isAscii(letter) ? letter : `[${letter}]`;
}

/** A class that lists letters becomes a choice of them, since a letter may be several code units. */
function toChoice(group: string): string {
  const letters = [...group.slice(1, -1).normalize('NFC')];
  if (isAscii(group) || letters.some((letter) => /[!^\\[\]-]/.test(letter))) return group;
  const forms = letters.flatMap((letter) => [...new Set([letter, letter.normalize('NFD')])]);
  return `@(${forms.map(escapeSign).join('|')})`;
}

/** `?` is a letter with its marks, as a reader sees it. */
function byLetters(glob: string): string {
  return glob.replace(/\\.|\[(?:\\.|[^\]])+\]|\?(?!\()/gs, (part) => {
    if (part === '?') return anyLetter;
    return part.startsWith('[') ? toChoice(part) : part;
  });
}

/** The glob in both forms. In a class of characters, form D would add the bare letter. */
export function toSameLookingGlobs(glob: string): readonly string[] {
  const letters = [glob, glob.normalize('NFC')].map(byLetters);
  const hasClass = glob.includes('[') && !isAscii(glob.replace(/[^[]*(?:\[([^\]]*)\])?/g, '$1'));
  return [...new Set(hasClass ? letters : [...letters, byLetters(glob.normalize('NFD'))])];
}
