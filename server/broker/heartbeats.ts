/** Heartbeats of one connection (AMQP 0-9-1, 4.2.7): sent when nothing else is, and missed ones noticed. */

export interface AmqpHeartbeats {
  /** Something came from the peer. */
  readonly heard: () => void;
  /** Something was sent to the peer. */
  readonly wrote: () => void;
  readonly stop: () => void;
}

/** @param onSilent called once when nothing was heard for two intervals. */
export function startHeartbeats(intervalMs: number, send: () => void, onSilent: () => void): AmqpHeartbeats {
  let heardAtMs = Date.now();
  let wroteAtMs = heardAtMs;
  const timer = setInterval(() => {
    const nowMs = Date.now();
    if (nowMs - heardAtMs > 2 * intervalMs) {
      clearInterval(timer);
      onSilent();
    } else if (nowMs - wroteAtMs >= intervalMs / 2) send();
  }, intervalMs / 2);
  timer.unref();
  return {
    heard: () => {
      heardAtMs = Date.now();
    },
    wrote: () => {
      wroteAtMs = Date.now();
    },
    stop: () => clearInterval(timer),
  };
}
