/** The addon throws plain errors with a code; all TypeScript code throws CodedError. */
import { CodedError } from '../protocol/base/coded-error.ts';
import { addonCodes, type NativeCode } from './native-code.ts';

function toCodedError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = addonCodes.find((known) => known === error.code);
  return code === undefined ? error : new CodedError<NativeCode>(code, error.message);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Converts errors at every depth: of a function, of its result, of an object's functions, of a rejected promise.
 * Readers and tasks are covered as well. A promise's value is data and stays untouched.
 */
export function withCodedErrors(value: unknown): unknown {
  if (typeof value === 'function')
    return (...parameters: readonly unknown[]): unknown => {
      try {
        return withCodedErrors(Reflect.apply(value, undefined, parameters));
      } catch (error) {
        throw toCodedError(error);
      }
    };
  if (value instanceof Promise)
    return value.catch((error: unknown) => {
      throw toCodedError(error);
    });
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withCodedErrors(part)]));
}
