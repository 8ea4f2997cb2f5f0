/** Lines of an authorized_keys file. @see sshd(8) */
import { isKnownType, type PublicKey, parsePublicKey } from './public-key.ts';
import { BadKey } from './wire.ts';

export interface AuthorizedKey extends PublicKey {
  readonly line: number;
  /** `from="10.0.0.0/8"`, each with its quotes. */
  readonly options: readonly string[];
}

/** The key of a text such as `ssh-rsa AAAA… comment`; undefined when it does not begin with one. */
export function parseKeyText(text: string): PublicKey | undefined {
  const [, keytype = '', base64 = ''] = /^([!-~]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t\r]|$)/.exec(text) ?? [];
  if (!isKnownType(keytype) && !/^(?:[a-z0-9-]+@[a-z.]+|ssh-[a-z0-9-]+)$/.test(keytype)) return undefined;
  try {
    const key = parsePublicKey(Buffer.from(base64, 'base64'));
    return key.keytype === keytype ? key : undefined;
  } catch (error) {
    if (error instanceof BadKey) return undefined;
    throw error;
  }
}

/** Splits at commas outside of quotes; ends at the first blank outside of them. */
export function splitOptions(text: string): { readonly options: string[]; readonly rest: string } {
  const options: string[] = [];
  let begin = 0;
  let at = 0;
  let isQuoted = false;
  for (; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\\' && text[at + 1] === '"') at += 1;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && letter === ',') {
      options.push(text.slice(begin, at));
      begin = at + 1;
    } else if (!isQuoted && (letter === ' ' || letter === '\t')) break;
  }
  options.push(text.slice(begin, at));
  return { options: options.filter((one) => one !== ''), rest: text.slice(at).replace(/^[ \t]+/, '') };
}

/** Null for a line without a key that sshd could read. */
export function parseAuthorizedKey(line: number, text: string): AuthorizedKey | null {
  const plain = parseKeyText(text);
  if (plain !== undefined) return { ...plain, line, options: [] };
  const { options, rest } = splitOptions(text);
  const key = parseKeyText(rest);
  return key === undefined ? null : { ...key, line, options };
}
