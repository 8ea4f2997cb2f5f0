/** The order of rpm: `[epoch:]version[-release]`. @see rpm-version(7) */
import { compareNumbers, type Order } from '../../kit/versions/order.ts';
import { compareSegments } from '../../kit/versions/segments.ts';

interface RpmVersion {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | undefined;
}

function split(text: string): RpmVersion {
  const [, epoch = '', rest = ''] = /^(?:(\d*):)?(.*)$/s.exec(text) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, version: rest, release: undefined }
    : { epoch, version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

/** A missing epoch is 0; a missing release is older than any. */
export const compareRpm: Order = (left, right) => {
  const [a, b] = [split(left), split(right)];
  const order = compareNumbers(a.epoch, b.epoch) || compareSegments(a.version, b.version);
  if (order !== 0 || (a.release === undefined && b.release === undefined)) return order;
  if (a.release === undefined) return -1;
  return b.release === undefined ? 1 : compareSegments(a.release, b.release);
};
