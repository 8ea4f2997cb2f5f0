/** The beginning of a printed line of netstat. */
import type { NetstatElement } from './module.ts';

function toEndpoint(address: string | undefined, port: number | undefined): string {
  const host = address?.includes(':') && port !== undefined ? `[${address}]` : (address ?? '*');
  return port === undefined ? host : `${host}:${port}`;
}

/** A short description: `tcp ESTABLISHED 10.0.0.5:43210 -> 192.0.2.1:443`. @param place begins with the parameter. */
export function toSubject(element: NetstatElement, [parameter]: readonly string[]): string {
  const { protocol, state, localaddr, remoteaddr, localmacaddr } = element;
  if (parameter === 'localmac') return `local mac ${localmacaddr}`;
  if (parameter === 'localip')
    return `local ip ${localaddr}${localmacaddr === undefined ? '' : ` mac ${localmacaddr}`}`;
  if (parameter === 'neighbormac' || parameter === 'neighborip')
    return `neighbor ${remoteaddr} ${element.remotemacaddr ?? 'without mac'} ${state}`;
  if (protocol === 'unix') return `unix ${state} ${element.path}`;
  if (protocol === 'packet') return `packet ${element.ethertype}`;
  const local = toEndpoint(localaddr, element.localport);
  const remote = remoteaddr === undefined ? '' : ` -> ${toEndpoint(remoteaddr, element.remoteport)}`;
  return `${protocol === 'raw' ? `raw ${element.rawprotocol}` : protocol} ${state} ${local}${remote}`;
}
