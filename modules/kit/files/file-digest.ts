/** The digest of an open file. */
import { createHash } from 'node:crypto';
import type { HostFile } from './host-file.ts';

const partBytes = 1024 * 1024;

/** SHA-256 in hex. @throws the system's error */
export function digestFile(file: HostFile): string {
  const hash = createHash('sha256');
  for (let offset = 0; ; ) {
    const part = file.readAt(offset, partBytes);
    hash.update(part);
    offset += part.length;
    if (part.length < partBytes) return hash.digest('hex');
  }
}
