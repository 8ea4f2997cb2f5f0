/** The one value in a file of the kernel. */
import type { Host } from '../../kit/files/host.ts';
import type { FoundValue } from '../key-space.ts';
import { foundNothing, setTo, unreadable } from './found.ts';

/** @param parse undefined for text that is no value. */
export function readKernelValue(
  host: Host,
  path: string,
  parse: (text: string) => string | undefined = (text) => text.trim(),
): FoundValue {
  const file = host.readKernel(path);
  if (file.state !== 'read') return foundNothing(file);
  host.report('kernel', path, 1);
  const value = parse(file.text);
  return value === undefined ? unreadable('read-error') : setTo(value);
}
