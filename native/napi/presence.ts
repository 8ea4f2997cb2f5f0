/**
 * The functions that the addon must have, by concern. TypeScript types do not exist at run time, so a list is needed;
 * the types enforce it.
 */

/** `sometimes`: missing on some systems. */
export type Presence<Functions> = {
  readonly [Name in keyof Functions]-?: Record<never, never> extends Pick<Functions, Name> ? 'sometimes' : 'always';
};
