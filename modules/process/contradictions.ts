/** Process questions that no process can fit. */
import { parseSeconds } from '../kit/amount.ts';
import { findOpposed } from '../kit/contradictions.ts';

type Patterns = Readonly<Partial<Record<'names' | 'cmds' | 'exes' | 'users', readonly string[] | undefined>>>;
/** The part of a search that decides whether anything can fit. */
type Search = Patterns & { readonly olderthan?: string | undefined; readonly newerthan?: string | undefined };

function findEmptyAge({ olderthan, newerthan }: Search): string[] {
  if (olderthan === undefined || newerthan === undefined) return [];
  if ((parseSeconds(olderthan) ?? 0) < (parseSeconds(newerthan) ?? 0)) return [];
  return [`olderthan ${olderthan} and newerthan ${newerthan} exclude each other`];
}

/** Reasons why no process can fit. */
export function contradictProcesses(search: Search): string[] {
  const opposed = (['names', 'cmds', 'exes', 'users'] as const).flatMap((field) => findOpposed(field, search[field]));
  return [...findEmptyAge(search), ...opposed];
}
