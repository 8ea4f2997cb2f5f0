/** The truth of an expression on a host: Kleene's three values, and one for what is not about this host. */
export type Truth = 'true' | 'false' | 'unknown' | 'inapplicable';

export interface Judged {
  readonly truth: Truth;
  /** Why, in words that name nothing of the host. */
  readonly reason: string;
  /** Printed names of what was found. */
  readonly found: readonly string[];
}

/** @param order the first of these that a member has is that of all. */
function decide(members: readonly Judged[], order: readonly Truth[]): Judged {
  const truth = order.find((one) => members.some((member) => member.truth === one)) ?? 'inapplicable';
  const deciding = members.filter((member) => member.truth === truth);
  return {
    truth,
    reason: [...new Set(deciding.map(({ reason }) => reason))].slice(0, mostReasons).join('; '),
    found: deciding.flatMap(({ found }) => found),
  };
}

const mostReasons = 4;

/** Members that are not about this host have no say. */
export function allOf(members: readonly Judged[]): Judged {
  return decide(members, ['false', 'unknown', 'true']);
}

export function anyOf(members: readonly Judged[]): Judged {
  return decide(members, ['true', 'unknown', 'false']);
}

const opposite: Readonly<Record<Truth, Truth>> = {
  true: 'false',
  false: 'true',
  unknown: 'unknown',
  inapplicable: 'inapplicable',
};

export function negate(judged: Judged): Judged {
  return { ...judged, truth: opposite[judged.truth] };
}
