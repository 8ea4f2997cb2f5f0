/** The section [Install] of a unit: what `systemctl enable` would do. */
import type { Assignment } from './unit-text.ts';
import { splitUnitWords } from './unit-words.ts';

export interface Install {
  readonly aliases: readonly string[];
  /** Whether it names a unit that is to start it, or another name. */
  readonly hasRules: boolean;
  /** Whether it names units that are to be enabled with it. */
  readonly hasAlso: boolean;
  readonly defaultInstance: string | undefined;
}

/** Values of a list: an empty one takes away those before it. */
function listOf(assignments: readonly Assignment[], key: string): string[] {
  const values = assignments.filter((one) => one.key === key).map(({ value }) => value);
  const last = values.lastIndexOf('');
  return values.slice(last + 1).flatMap(splitUnitWords);
}

const nothing: Install = { aliases: [], hasRules: false, hasAlso: false, defaultInstance: undefined };

/** @param assignments of the unit file, then of its drop-ins. @param mayAlias whether units of the type have other names. */
export function toInstall(assignments: readonly Assignment[], mayAlias: boolean): Install {
  const own = assignments.filter(({ section }) => section === 'Install');
  if (own.length === 0) return nothing;
  const aliases = mayAlias ? listOf(own, 'Alias') : [];
  const rules = [aliases, ...['WantedBy', 'RequiredBy', 'UpheldBy'].map((key) => listOf(own, key))];
  const instances = own.filter(({ key }) => key === 'DefaultInstance');
  return {
    aliases,
    hasRules: rules.some((list) => list.length > 0),
    hasAlso: own.some(({ key, value }) => key === 'Also' && value !== ''),
    defaultInstance: instances.at(-1)?.value || undefined,
  };
}
