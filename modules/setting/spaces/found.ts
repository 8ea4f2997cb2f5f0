/** Makes the values that readers of key spaces return. */
import type { SkipReason } from '../../../protocol/result/result.ts';
import type { Missing } from '../../kit/files/host.ts';
import { toText } from '../../kit/files/latin1-text.ts';
import type { FoundValue, KnownValue, Place, SettingValue } from '../key-space.ts';

export const unset: KnownValue = { state: 'unset' };

export function unreadable(reason: SkipReason): FoundValue {
  return { state: 'unreadable', reason };
}

/** @param latin1 text of the host. */
export function setTo(latin1: string | readonly string[], from?: Place): KnownValue {
  const value = typeof latin1 === 'string' ? toText(latin1) : latin1.map(toText);
  return { state: 'set', value, ...(from === undefined ? {} : { from }) };
}

/** What is not there sets nothing. */
export function foundNothing(file: Missing): FoundValue {
  return file.state === 'absent' ? unset : unreadable(file.reason);
}

/** The same now and after a reboot. */
export function always(found: FoundValue): SettingValue {
  return { now: found, boot: found };
}

/** What a source has; or why that is unknown. */
export type Reading<Content> =
  | { readonly state: 'known'; readonly content: Content }
  | { readonly state: 'unknown'; readonly reason: SkipReason };

export function known<Content>(content: Content): Reading<Content> {
  return { state: 'known', content };
}

export function unknown(reason: SkipReason): Reading<never> {
  return { state: 'unknown', reason };
}

export const notApplicable: FoundValue = { state: 'not-applicable' };
