/** Times as a target writes them, turned into numbers once, so that no session's time zone or calendar can differ. */

const secondsByUnit: ReadonlyMap<string, number> = new Map([
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((unit) => [unit, 1] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((unit) => [unit, 60] as const),
  ...['h', 'hr', 'hrs', 'hour', 'hours'].map((unit) => [unit, 3600] as const),
  ...['d', 'day', 'days'].map((unit) => [unit, 86_400] as const),
  ...['w', 'week', 'weeks'].map((unit) => [unit, 7 * 86_400] as const),
]);

/** A hundred years: keeps NOW() plus or minus an interval within what PostgreSQL can hold. */
const maximumIntervalSeconds = 36_525 * 86_400;

/**
 * Seconds of an interval such as `5 minutes` or `1 day 2 hours`; null for anything else. Months and years are left out
 * because their length depends on the calendar; a day is 24 hours, whatever the server's time zone does that day.
 */
export function parseIntervalSeconds(text: string): number | null {
  const parts = [...text.matchAll(/(\d{1,10})\s*([a-z]+)\s*/giy)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  let seconds = 0;
  for (const [, count = '', unit = ''] of parts) {
    const unitSeconds = secondsByUnit.get(unit.toLowerCase());
    if (unitSeconds === undefined) return null;
    seconds += Number(count) * unitSeconds;
  }
  return seconds <= maximumIntervalSeconds ? seconds : null;
}

const timestampPattern =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<clock>\d{2}:\d{2})(?::(?<seconds>\d{2}(?:\.\d{1,3})?))?)? ?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Milliseconds since the epoch of a date or an ISO 8601 time from 1970 to 9999; null for anything else. Without a zone it
 * is UTC, unlike in PostgreSQL, where it would depend on the session.
 */
export function parseTimestampMs(text: string): number | null {
  const parts = timestampPattern.exec(text)?.groups;
  if (parts === undefined) return null;
  const local = `${parts.date}T${parts.clock ?? '00:00'}:${(parts.seconds ?? '00').slice(0, 2)}`;
  const localMs = Date.parse(`${local}Z`);
  // Date.parse moves 30 February into March; such a day is a mistake.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(local)) return null;
  const fractionMs = Math.round(Number(`0${parts.seconds?.slice(2) ?? ''}`) * 1000);
  const zoneMinutes = parseZoneMinutes(parts.zone ?? 'Z');
  if (zoneMinutes === null) return null;
  const timeMs = localMs + fractionMs - zoneMinutes * 60_000;
  return timeMs >= 0 && timeMs < Date.UTC(10_000, 0) ? timeMs : null;
}

/** East of Greenwich is positive, as ISO 8601 writes it. */
function parseZoneMinutes(zone: string): number | null {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 15 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
