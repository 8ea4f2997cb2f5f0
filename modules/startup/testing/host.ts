/** The module asked about a host's files. */
import { runListing } from '../../kit/listing/run-listing.ts';
import { askerOf } from '../../kit/testing/ask.ts';
import type { TestHost } from '../../kit/testing/host.ts';
import { module } from '../module.ts';
import { rowsBelow } from '../run.ts';

export function askerOfHost({ root }: Pick<TestHost, 'root'>) {
  return askerOf(module, runListing(module, rowsBelow(root)));
}
