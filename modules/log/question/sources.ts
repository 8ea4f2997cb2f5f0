/** The sources of a question, and what each can be asked for. */

export const sources = ['journal', 'text', 'login', 'failed', 'last', 'audit'] as const;
export type LogSource = (typeof sources)[number];

/** Sources whose entries have a text that a pattern can match. */
const texts: ReadonlySet<LogSource> = new Set(['journal', 'text', 'audit']);

export function hasText(source: LogSource): boolean {
  return texts.has(source);
}
