/** The native engine: loaded when it is first needed, because most commands of the investigator never need it. */
import { CodedError } from '../protocol/base/coded-error.ts';
import type { NativeAddon } from './addon.ts';
import { withCodedErrors, withCodedMemoryReader, withCodedNetworkReader, withCodedReader } from './coded-errors.ts';
import { loadAddon } from './load.ts';
import type { NativeCode } from './native-code.ts';

export type * from './addon.ts';
export type * from './confinement.ts';
export type * from './digest-algorithm.ts';
export type * from './memory.ts';
export type { NativeCode } from './native-code.ts';
export type * from './network.ts';
export type * from './process.ts';
export type * from './task.ts';

function isAddon(value: unknown): value is NativeAddon {
  if (typeof value !== 'object' || value === null) return false;
  const names: readonly (keyof NativeAddon)[] = [
    'startScan',
    're2Test',
    'lowerPriority',
    'limitMemory',
    'endWithParent',
    'confine',
    'stopUnpackers',
    'readConfinement',
    'refuseRings',
    'releaseIdleMemory',
    'openProcessReader',
    'openMemoryReader',
    'openNetworkReader',
    'compilePattern',
    'escapeBytes',
  ];
  return names.every((name) => name in value && typeof Reflect.get(value, name) === 'function');
}

let loaded: NativeAddon | undefined;

/** @throws CodedError<NativeCode> when the addon cannot be loaded */
export function native(): NativeAddon {
  if (loaded !== undefined) return loaded;
  const addon = loadAddon();
  if (!isAddon(addon))
    throw new CodedError<NativeCode>('addon-missing', 'expected the functions of the native addon, got others', {
      hint: 'the addon is older than this code; build it again',
    });
  const { lockFile, openMemoryReader, openNetworkReader, openProcessReader, readConfinement } = addon;
  const { releaseIdleMemory, startService, stopUnpackers } = addon;
  loaded = {
    startScan: withCodedErrors(addon.startScan),
    re2Test: withCodedErrors(addon.re2Test),
    lowerPriority: withCodedErrors(addon.lowerPriority),
    limitMemory: withCodedErrors(addon.limitMemory),
    endWithParent: withCodedErrors(addon.endWithParent),
    confine: withCodedErrors(addon.confine),
    refuseRings: withCodedErrors(addon.refuseRings),
    readConfinement,
    stopUnpackers,
    releaseIdleMemory,
    ...(lockFile === undefined ? {} : { lockFile: withCodedErrors(lockFile) }),
    ...(startService === undefined ? {} : { startService: withCodedErrors(startService) }),
    openMemoryReader: withCodedErrors((plan) => withCodedMemoryReader(openMemoryReader(plan))),
    openNetworkReader: (cpuPercent) => withCodedNetworkReader(openNetworkReader(cpuPercent)),
    openProcessReader: (cpuPercent) => withCodedReader(openProcessReader(cpuPercent)),
    compilePattern: withCodedErrors(addon.compilePattern),
    escapeBytes: withCodedErrors(addon.escapeBytes),
  };
  return loaded;
}
