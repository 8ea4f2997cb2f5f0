/** All functions of the C++ addon, by concern. */
import { type ClockFunctions, clockPresence } from './clock/clock.ts';
import { type ConfineFunctions, confinePresence } from './confine/confine.ts';
import { type JournalFunctions, journalPresence } from './journal/journal.ts';
import { type MemoryFunctions, memoryPresence } from './memory/memory.ts';
import type { Presence } from './napi/presence.ts';
import { type NetworkFunctions, networkPresence } from './network/network.ts';
import { type PackagesFunctions, packagesPresence } from './packages/packages.ts';
import { type PlatformFunctions, platformPresence } from './platform/platform.ts';
import { type ProcFunctions, procPresence } from './proc/proc.ts';
import { type ProcessFunctions, processPresence } from './process/process.ts';
import { type RegexFunctions, regexPresence } from './regex/regex.ts';
import { type ScanFunctions, scanPresence } from './scan/scan.ts';
import { type ServiceFunctions, servicePresence } from './service/service.ts';
import { type TextFunctions, textPresence } from './text/text.ts';
import { type TextLogFunctions, textLogPresence } from './textlog/textlog.ts';
import { type UnpackFunctions, unpackPresence } from './unpack/unpack.ts';

export interface NativeAddon
  extends ClockFunctions,
    ConfineFunctions,
    JournalFunctions,
    MemoryFunctions,
    NetworkFunctions,
    PackagesFunctions,
    PlatformFunctions,
    ProcFunctions,
    ProcessFunctions,
    RegexFunctions,
    ScanFunctions,
    ServiceFunctions,
    TextFunctions,
    TextLogFunctions,
    UnpackFunctions {}

const presence: Presence<NativeAddon> = {
  ...clockPresence,
  ...confinePresence,
  ...journalPresence,
  ...memoryPresence,
  ...networkPresence,
  ...packagesPresence,
  ...platformPresence,
  ...procPresence,
  ...processPresence,
  ...regexPresence,
  ...scanPresence,
  ...servicePresence,
  ...textPresence,
  ...textLogPresence,
  ...unpackPresence,
};

/** Whether the addon has all functions that every build must have. */
export function isAddon(value: unknown): value is NativeAddon {
  if (typeof value !== 'object' || value === null) return false;
  const functions = new Map(Object.entries(value));
  return Object.entries(presence).every(
    ([name, when]) => typeof functions.get(name) === 'function' || (when === 'sometimes' && !functions.has(name)),
  );
}
