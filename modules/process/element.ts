/** Converts a process to an element. */

import { cutText } from '../../protocol/base/text.ts';
import { toGoTime } from '../kit/go-text.ts';
import type { ProcessEntry } from '../kit/processes/process-entry.ts';
import { redactArguments } from '../kit/secrets/redact.ts';
import { readLastCapability, toCapabilityNames } from './capabilities.ts';
import type { ProcessElement } from './module.ts';

/** Longer command lines are cut: people only need to recognize them. */
const maximumCommandLetters = 4096;

type ToText = (bytes: Uint8Array) => string;

function toCommand(list: readonly Uint8Array[], toText: ToText): string {
  const text = redactArguments(list.map(toText)).join(' ');
  return text.length > maximumCommandLetters ? `${cutText(text, maximumCommandLetters)}…` : text;
}

function toStarted(seconds: number | null): string | null {
  // Ticks are hundredths of a second and the clock may be set: fractions would only look exact.
  return seconds === null ? null : toGoTime(Math.floor(seconds), 0);
}

/** Returns the function that makes elements, for processes of this machine. */
export function elementMaker(toText: ToText): (entry: ProcessEntry, sha256: string | undefined) => ProcessElement {
  const lastCapability = readLastCapability();
  return (entry, sha256) => {
    const { executable } = entry;
    const isDeleted = executable.kind === 'file' && executable.isDeleted === true;
    const capabilities = entry.capabilities === null ? [] : toCapabilityNames(entry.capabilities, lastCapability);
    return {
      pid: entry.pid,
      ppid: entry.parentPid,
      name: toText(entry.name),
      cmd: toCommand(entry.arguments, toText),
      exe: executable.kind === 'file' ? toText(executable.path) : null,
      ...(isDeleted ? { deleted: executable.isMemory ? 'memory' : 'deleted' } : {}),
      ...(sha256 === undefined ? {} : { sha256 }),
      user: entry.user,
      started: toStarted(entry.startSeconds),
      ...(entry.container === null ? {} : { container: entry.container }),
      ...(capabilities.length === 0 ? {} : { capabilities }),
    };
  };
}
