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

/** The glob in both forms. In a class of characters, form D would add the bare letter. */
export function toSameLookingGlobs(glob: string): readonly string[] {
  const forms = glob.includes('[')
    ? [glob, glob.normalize('NFC')]
    : [glob, glob.normalize('NFC'), glob.normalize('NFD')];
  return [...new Set(forms)];
}
