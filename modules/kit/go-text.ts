/** Times and durations in Go's format, which users of the original know. */

/** Go's text for a time in UTC: `2016-07-05 15:32:42.5 +0000 UTC`, without trailing zeros of the fraction. */
export function toGoTime(seconds: number, nanoseconds: number): string {
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  const date = new Date(seconds * 1000);
  // A file system may hold a time beyond the range of Date.
  if (Number.isNaN(date.getTime())) return `@${seconds}${fraction}`;
  const iso = date.toISOString();
  const end = iso.indexOf('T');
  return `${iso.slice(0, end)} ${iso.slice(end + 1, end + 9)}${fraction} +0000 UTC`;
}

/** Go's text for a duration: `1m2.5s`, `12.3ms`. */
export function toGoDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Number(durationMs.toFixed(3))}ms`;
  const totalSeconds = durationMs / 1000;
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor((totalSeconds % 3600) / 60);
  const seconds = `${Number((totalSeconds % 60).toFixed(3))}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
