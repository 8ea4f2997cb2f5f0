/** Work of the addon off JavaScript's thread, and the reasons for partial failures. */

/** Work off JavaScript's thread. */
export interface NativeTask<Result> {
  /** Resolves early with a partial result after `cancel`. @throws CodedError<NativeCode> out-of-memory */
  readonly done: Promise<Result>;
  readonly cancel: () => void;
}

export interface NativeFailure {
  readonly kind: 'failed';
  readonly reason: 'vanished' | 'no-permission' | 'cancelled' | 'read-error' | 'remote-file' | 'unsupported';
}
