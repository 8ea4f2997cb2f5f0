/** Process questions that no process can fit. */
import { parseSeconds } from '../kit/amount.ts';
import { type Compared, contradictPatterns, oneText, severalTexts, toWritten } from '../kit/contradictions.ts';

type Patterns = Readonly<Partial<Record<'names' | 'cmds' | 'exes' | 'users', readonly string[] | undefined>>>;
/** The part of a search that decides whether anything can fit. */
type Search = Patterns & { readonly olderthan?: string | undefined; readonly newerthan?: string | undefined };

/** A user has a name and a number, and a kernel thread no executable. */
const compared: Readonly<Record<keyof Patterns, Compared>> = {
  names: oneText,
  cmds: oneText,
  exes: { ...oneText, mayLack: true },
  users: severalTexts,
};

function findEmptyAge({ olderthan, newerthan }: Search): string[] {
  if (olderthan === undefined || newerthan === undefined) return [];
  if ((parseSeconds(olderthan) ?? 0) < (parseSeconds(newerthan) ?? 0)) return [];
  return [`olderthan ${olderthan} and newerthan ${newerthan} exclude each other`];
}

/** Reasons why no process can fit. */
export function contradictProcesses(search: Search): string[] {
  const opposed = (['names', 'cmds', 'exes', 'users'] as const).flatMap((field) =>
    contradictPatterns(field, toWritten(search[field]), compared[field]),
  );
  return [...findEmptyAge(search), ...opposed];
}
