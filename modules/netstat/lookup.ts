/** Compiles the values of a parameter: the kinds of the listing kit, and protocols of raw sockets. */
import type { Lookup } from '../kit/listing/lookup.ts';
import { anyProtocol, parseProtocol } from './protocol.ts';

export { compileAddresses, compilePorts, type Lookup, withExclusions } from '../kit/listing/lookup.ts';

export function compileProtocols(values: readonly string[]): Lookup<number | 'packet'> {
  return (protocol) => values.filter((value) => value === anyProtocol || parseProtocol(value) === protocol);
}
