/** Which functions of a concern the addon must have; their types demand the list, since nothing is left of them when they run. */

/** `sometimes` where some systems do not have it. */
export type Presence<Functions> = {
  readonly [Name in keyof Functions]-?: Record<never, never> extends Pick<Functions, Name> ? 'sometimes' : 'always';
};
