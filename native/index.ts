/** The native engine, loaded on first use: most investigator commands never need it. */
import { CodedError } from '../protocol/base/coded-error.ts';
import { isAddon, type NativeAddon } from './addon.ts';
import { withCodedErrors } from './coded-errors.ts';
import { loadAddon, loadFromFile } from './load.ts';
import type { NativeCode } from './native-code.ts';

export type * from './addon.ts';
export type * from './clock/clock.ts';
export type * from './confine/confine.ts';
export type * from './digest/digest.ts';
export type * from './journal/journal.ts';
export type * from './memory/memory.ts';
export type * from './napi/task.ts';
export type { NativeCode } from './native-code.ts';
export type * from './network/network.ts';
export * from './packages/packages.ts';
export type * from './proc/proc.ts';
export type * from './regex/regex.ts';
export type * from './scan/scan.ts';
export type * from './textlog/textlog.ts';

let loaded: NativeAddon | undefined;

function toNative(exports: unknown): NativeAddon {
  const addon = withCodedErrors(exports);
  if (!isAddon(addon))
    throw new CodedError<NativeCode>('addon-missing', 'expected the functions of the native addon, got others', {
      hint: 'the addon is older than this code; build it again',
    });
  return addon;
}

/** @throws CodedError<NativeCode> when the addon cannot be loaded */
export function native(): NativeAddon {
  loaded ??= toNative(loadAddon());
  return loaded;
}

/** Loads an addon of another build instead of the usual one; for benchmarks, before the first use. */
export function loadNativeFrom(path: string): NativeAddon {
  loaded = toNative(loadFromFile(path));
  return loaded;
}
