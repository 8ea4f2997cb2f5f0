/** Which settings of sshd hold for one account or connection. */
import type { Criteria, Setting } from './config.ts';
import { matchesAddressList, matchesAnyGroup, matchesList } from './patterns.ts';

interface SshdUser {
  readonly name: string;
  /** Undefined where they are not known. */
  readonly groups?: readonly string[] | undefined;
}

/** What is known of a connection. */
export interface SshdConnection {
  readonly user?: SshdUser;
  /** The name of the client, which is its address unless sshd asks the DNS. */
  readonly host?: string;
  readonly address?: string;
  readonly localAddress?: string;
  readonly localPort?: string;
}

/** `maybe`: it depends on what is not known. */
type Fit = 'yes' | 'no' | 'maybe';

function fitKnown<Known>(known: Known | undefined, matches: (known: Known) => boolean): Fit {
  if (known === undefined) return 'maybe';
  return matches(known) ? 'yes' : 'no';
}

function fitOf({ name, value }: Criteria[number], connection: SshdConnection): Fit {
  switch (name) {
    case 'all':
      return 'yes';
    case 'user':
      return fitKnown(connection.user, (user) => matchesList(value, user.name));
    case 'group':
      return fitKnown(connection.user?.groups, (groups) => matchesAnyGroup(value, groups));
    case 'invalid-user':
      return connection.user === undefined ? 'maybe' : 'no';
    case 'host':
      return fitKnown(connection.host, (host) => matchesList(value.toLowerCase(), host.toLowerCase()));
    case 'address':
      return fitKnown(connection.address, (address) => matchesAddressList(value, address));
    case 'localaddress':
      return fitKnown(connection.localAddress, (address) => matchesAddressList(value, address));
    case 'localport':
      return fitKnown(connection.localPort, (port) => Number(port) === Number(value));
    default:
      return 'maybe';
  }
}

/** Whether all of them hold. */
export function fitAll(conditions: readonly Criteria[], connection: SshdConnection): Fit {
  const fits = conditions.flat().map((criterion) => fitOf(criterion, connection));
  if (fits.includes('no')) return 'no';
  return fits.includes('maybe') ? 'maybe' : 'yes';
}

/**
 * The settings of this name that may hold: the first Match block that fits for sure, those before it that may fit, and
 * the first one outside of them when no block decides.
 */
export function settingsFor(settings: readonly Setting[], name: string, connection: SshdConnection): Setting[] {
  const found: Setting[] = [];
  for (const setting of settings) {
    if (setting.name !== name || setting.conditions.length === 0) continue;
    const fit = fitAll(setting.conditions, connection);
    if (fit === 'no') continue;
    found.push(setting);
    if (fit === 'yes') return found;
  }
  const general = settings.find((setting) => setting.name === name && setting.conditions.length === 0);
  return general === undefined ? found : [...found, general];
}

/** Whether one of them holds on every connection: otherwise sshd may also take its default. */
export function isDecided(found: readonly Setting[], connection: SshdConnection): boolean {
  return found.some(({ conditions }) => fitAll(conditions, connection) === 'yes');
}
