/** Work of the addon that runs beside JavaScript, and why a part of it can fail. */

/** Work away from JavaScript's thread. */
export interface NativeTask<Result> {
  /** Ends early, with what there is, after `cancel`. @throws CodedError<NativeCode> out-of-memory */
  readonly done: Promise<Result>;
  readonly cancel: () => void;
}

export interface NativeFailure {
  readonly kind: 'failed';
  readonly reason: 'vanished' | 'no-permission' | 'cancelled' | 'read-error' | 'remote-file' | 'unsupported';
}
