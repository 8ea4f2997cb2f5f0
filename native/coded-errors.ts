/** The addon throws plain errors with a code; everybody else here throws CodedError. */
import { CodedError } from '../protocol/base/coded-error.ts';
import type { MemoryReader } from './memory.ts';
import { addonCodes, type NativeCode } from './native-code.ts';
import type { NetworkReader } from './network.ts';
import type { ProcessReader } from './process.ts';
import type { NativeTask } from './task.ts';

function toCodedError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = addonCodes.find((known) => known === error.code);
  return code === undefined ? error : new CodedError<NativeCode>(code, error.message);
}

export function withCodedErrors<Arguments extends readonly unknown[], Output>(
  call: (...parameters: Arguments) => Output,
): (...parameters: Arguments) => Output {
  return (...parameters) => {
    try {
      return call(...parameters);
    } catch (error) {
      throw toCodedError(error);
    }
  };
}

/** The same for calls that start a task: what it rejects with is coded, too. */
export function withCodedTask<Arguments extends readonly unknown[], Result>(
  call: (...parameters: Arguments) => NativeTask<Result>,
): (...parameters: Arguments) => NativeTask<Result> {
  const start = withCodedErrors(call);
  return (...parameters) => {
    const { done, cancel } = start(...parameters);
    return {
      done: done.catch((error: unknown) => {
        throw toCodedError(error);
      }),
      cancel,
    };
  };
}

export function withCodedNetworkReader(reader: NetworkReader): NetworkReader {
  return { read: withCodedTask(reader.read), findHolders: withCodedTask(reader.findHolders) };
}

export function withCodedReader(reader: ProcessReader): ProcessReader {
  return {
    list: withCodedErrors(reader.list),
    read: withCodedTask(reader.read),
    digest: withCodedTask(reader.digest),
    listeningPorts: withCodedTask(reader.listeningPorts),
  };
}

export function withCodedMemoryReader(reader: MemoryReader): MemoryReader {
  return {
    mappings: withCodedTask(reader.mappings),
    preloads: withCodedTask(reader.preloads),
    alteredText: withCodedTask(reader.alteredText),
    search: withCodedTask(reader.search),
  };
}
