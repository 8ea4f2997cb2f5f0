/** Error codes of the addon and of its loading. */

/** Set by the addon (throwCoded in napi/). */
export const addonCodes = [
  'bad-plan',
  'bad-pattern',
  'no-thread',
  'limit-failed',
  'confinement-failed',
  'lock-failed',
  'proc-unreadable',
  'service-failed',
  'out-of-memory',
] as const;

export type NativeCode = 'addon-missing' | 'addon-altered' | 'addon-not-loadable' | (typeof addonCodes)[number];
