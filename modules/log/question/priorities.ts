/** Priorities of syslog, the most urgent first. @see RFC 5424, 6.2.1 */
export const priorities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
export type Priority = (typeof priorities)[number];

/** 0 to 7. */
export function toPriorityNumber(priority: Priority): number {
  return priorities.indexOf(priority);
}
