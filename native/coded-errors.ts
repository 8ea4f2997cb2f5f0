/** The addon throws plain errors with a code; everybody else here throws CodedError. */
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
 * The same with coded errors: a function, what it gives, an object's functions, what a promise rejects with. So it holds for all
 * that the addon gives, readers and tasks included. What a promise gives is data, and is left alone.
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
