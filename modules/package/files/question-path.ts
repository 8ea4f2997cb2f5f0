/** Paths of a question. */
import { toLatin1, toText } from '../../kit/files/latin1-text.ts';

export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A path of a question as rows have it. */
export function toPathText(path: string): string {
  return toText(toLatin1(path));
}
