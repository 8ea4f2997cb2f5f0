/** Text files that people made, in UTF-8 or in the UTF-16 of Windows' PowerShell. */
import { readFileSync } from 'node:fs';

/** Text of a command or a key begins with ASCII: one byte of its first unit is 0. */
function findByteOrder([first, second]: Uint8Array): 'little' | 'big' | undefined {
  if (first === undefined || second === undefined) return undefined;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'little';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'big' : undefined;
}

/** UTF-16 as UTF-8, without its byte order mark; other bytes as they are. */
export function fromUtf16(bytes: Buffer): Buffer {
  const order = findByteOrder(bytes);
  if (order === undefined) return bytes;
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  const text = (order === 'big' ? whole.swap16() : whole).toString('utf16le');
  return Buffer.from(text.replace(/^\ufeff/, ''));
}

/** Without a byte order mark. @param path a path or an open descriptor. @throws Error of node:fs */
export function readTextFile(path: string | number): string {
  return fromUtf16(readFileSync(path))
    .toString('utf8')
    .replace(/^\ufeff/, '');
}
