/** Addresses that cannot be listened at: each error names its setting. Separate because API and broker share it. */
import { toHostPort } from '../host/loopback.ts';
import { CodedError, toMessage } from '../protocol/base/coded-error.ts';
import type { Address } from './settings.ts';

type ListenCode = 'address-unusable';

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EADDRINUSE: ['another program listens there', 'stop it (ss -ltnp names it), or choose another port'],
  EADDRNOTAVAIL: ['it is no address of this machine', 'choose one that ip address shows, or 0.0.0.0 for all'],
  EACCES: ['this user may not take that port', 'choose one from 1024 up'],
};

/** @throws CodedError<ListenCode> when the address cannot be had; what else `listen` throws passes through */
export async function withListenHint<T>(
  variable: 'MIG_LISTEN' | 'MIG_AMQP_LISTEN',
  address: Address,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    const known = cause instanceof Error && 'code' in cause ? reasons[String(cause.code)] : undefined;
    if (known === undefined) throw cause;
    const [reason, hint] = known;
    throw new CodedError<ListenCode>(
      'address-unusable',
      `expected to listen at ${toHostPort(address)}: ${reason} (${toMessage(cause)})`,
      { hint: `${hint}; ${variable} sets it`, cause },
    );
  }
}
