/** Marks an executable as an agent, see protocol/environment/executable-mark.ts. */
import { findMarkFormat } from '../../protocol/environment/executable-mark.ts';

/**
 * @param executable it is not changed.
 * @throws TypeError when it is of no format that agents have
 */
export function markAgent(executable: Buffer): Buffer {
  const format = findMarkFormat(executable);
  if (format === undefined) throw new TypeError('expected an executable of Linux, Windows or macOS');
  const marked = Buffer.from(executable);
  marked.write(format.mark, format.offset, 'latin1');
  return marked;
}
