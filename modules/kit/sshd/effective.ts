/** Which settings hold for one account. */
import { toGlobPattern } from '../files/glob-pattern.ts';
import type { Criteria, Setting } from './config.ts';

export interface SshdUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/** `maybe`: it depends on the connection. */
type Fit = 'yes' | 'no' | 'maybe';

/** A list of patterns behind commas, `!` in front of those that must not match. */
function fitsList(patterns: string, subject: string): 'yes' | 'no' | 'denied' {
  let isIn = false;
  for (const pattern of patterns.split(',')) {
    const isNegated = pattern.startsWith('!');
    if (!toGlobPattern(isNegated ? pattern.slice(1) : pattern).test(subject)) continue;
    if (isNegated) return 'denied';
    isIn = true;
  }
  return isIn ? 'yes' : 'no';
}

function fitsGroups(patterns: string, groups: readonly string[]): Fit {
  const fits = groups.map((group) => fitsList(patterns, group));
  return fits.includes('denied') || !fits.includes('yes') ? 'no' : 'yes';
}

function fitOf({ name, value }: Criteria[number], user: SshdUser): Fit {
  switch (name) {
    case 'all':
      return 'yes';
    case 'user':
      return fitsList(value, user.name) === 'yes' ? 'yes' : 'no';
    case 'group':
      return fitsGroups(value, user.groups);
    case 'invalid-user':
      return 'no';
    default:
      return 'maybe';
  }
}

function fitAll(conditions: readonly Criteria[], user: SshdUser): Fit {
  const fits = conditions.flat().map((criterion) => fitOf(criterion, user));
  if (fits.includes('no')) return 'no';
  return fits.includes('maybe') ? 'maybe' : 'yes';
}

/**
 * The settings of this name that may hold for the account: the first Match block that fits for sure, those before it
 * that depend on the connection, and the first one outside of them when no block decides.
 */
export function settingsFor(settings: readonly Setting[], name: string, user: SshdUser): Setting[] {
  const found: Setting[] = [];
  for (const setting of settings) {
    if (setting.name !== name || setting.conditions.length === 0) continue;
    const fit = fitAll(setting.conditions, user);
    if (fit === 'no') continue;
    found.push(setting);
    if (fit === 'yes') return found;
  }
  const general = settings.find((setting) => setting.name === name && setting.conditions.length === 0);
  return general === undefined ? found : [...found, general];
}

/** Whether one of them holds on every connection: otherwise sshd may also take its default. */
export function isDecided(found: readonly Setting[], user: SshdUser): boolean {
  return found.some(({ conditions }) => fitAll(conditions, user) === 'yes');
}
