/** Types of the addon's service functions for Windows. */
import type { Presence } from '../napi/presence.ts';

export interface ServiceFunctions {
  /** See `startService` in own-process.ts. Windows. @throws CodedError<NativeCode> service-failed */
  readonly startService?: (name: string, onStop: () => void) => () => void;
}

export const servicePresence: Presence<ServiceFunctions> = { startService: 'sometimes' };
