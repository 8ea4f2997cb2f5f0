/** What may be told of a password: words of a fixed vocabulary and days, never a hash or a salt. */
import type { Aging } from '../tables/shadow.ts';
import { isWeakHash, type Scheme, toScheme } from './scheme.ts';

export const verdicts = [
  'none',
  'locked',
  'set',
  'unusable',
  'weak',
  'shared',
  'expired',
  'inactive',
  'mustchange',
  'ended',
  'neverexpires',
  'neverchanged',
] as const;

export type Verdict = (typeof verdicts)[number];

/** The field of passwd or shadow, taken apart. */
interface PasswordField {
  /** As passwd -S says it: NP, L, P. */
  readonly state: 'none' | 'locked' | 'set';
  /** Empty without one. A locked password may have one behind the lock. */
  readonly hash: string;
  /** Null when no password fits the field, even without a lock. */
  readonly scheme: Scheme | null;
}

function parseField(field: string): PasswordField {
  const hash = field.replace(/^[!*]+/, '');
  const state = field === '' ? 'none' : hash === field ? 'set' : 'locked';
  return { state, hash, scheme: toScheme(hash) };
}

/** Fields of accounts; the same hash twice is the same password with the same salt. */
export class PasswordFields {
  readonly #byHash = new Map<string, number>();

  /** @param fields of all accounts of the host. */
  constructor(fields: Iterable<string>) {
    for (const field of fields) {
      const { hash, scheme } = parseField(field);
      if (scheme !== null) this.#byHash.set(hash, (this.#byHash.get(hash) ?? 0) + 1);
    }
  }

  /** The scheme, and what is to be said of the field itself. */
  judge(field: string): { readonly scheme: Scheme | null; readonly verdicts: readonly Verdict[] } {
    const { state, hash, scheme } = parseField(field);
    const isShared = (this.#byHash.get(hash) ?? 0) > 1;
    const isWeak = scheme !== null && isWeakHash(hash, scheme);
    return {
      scheme,
      verdicts: [
        state,
        ...(state !== 'none' && scheme === null ? (['unusable'] as const) : []),
        ...(isWeak ? (['weak'] as const) : []),
        ...(isShared ? (['shared'] as const) : []),
      ],
    };
  }
}

const dayMs = 24 * 60 * 60 * 1000;
/** From here on chage(1) says that a password never expires. */
const endlessDays = 10_000;

/** Times in milliseconds since 1970 and spans in seconds; undefined where there is none. */
export interface Periods {
  readonly changed: number | undefined;
  readonly expires: number | undefined;
  readonly inactive: number | undefined;
  readonly ends: number | undefined;
  readonly minage: number | undefined;
  readonly maxage: number | undefined;
  readonly warnage: number | undefined;
}

/** The same numbers as chage -l prints. */
export function toPeriods({ changedDay, minimumDays, maximumDays, warningDays, inactiveDays, endDay }: Aging): Periods {
  const toTime = (day: number | null): number | undefined => (day === null ? undefined : day * dayMs);
  const toSpan = (days: number | null): number | undefined => (days === null ? undefined : (days * dayMs) / 1000);
  const hasChanged = changedDay !== null && changedDay > 0;
  const lastDay = hasChanged && maximumDays !== null && maximumDays < endlessDays ? changedDay + maximumDays : null;
  return {
    changed: hasChanged ? toTime(changedDay) : undefined,
    expires: toTime(lastDay),
    inactive: toTime(lastDay === null || inactiveDays === null ? null : lastDay + inactiveDays),
    ends: toTime(endDay),
    minage: toSpan(minimumDays),
    maxage: toSpan(maximumDays),
    warnage: toSpan(warningDays),
  };
}

/** What pam_unix and chage say of the days. @param nowMs since 1970. */
export function judgeAging(aging: Aging, nowMs: number): Verdict[] {
  const { changedDay, maximumDays, inactiveDays, endDay } = aging;
  const today = Math.floor(nowMs / dayMs);
  const age = changedDay === null || changedDay === 0 ? 0 : today - changedDay;
  const isExpired = maximumDays !== null && age > maximumDays;
  const said: readonly (readonly [Verdict, boolean])[] = [
    ['expired', isExpired],
    ['inactive', isExpired && inactiveDays !== null && age > maximumDays + inactiveDays],
    ['mustchange', changedDay === 0],
    ['ended', endDay !== null && today >= endDay],
    ['neverexpires', changedDay !== 0 && toPeriods(aging).expires === undefined],
    ['neverchanged', changedDay === null],
  ];
  return said.flatMap(([verdict, holds]) => (holds ? [verdict] : []));
}
