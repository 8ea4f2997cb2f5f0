/** The module asked about a host's files. */
import { askerOf } from '../../kit/testing/ask.ts';
import type { TestHost } from '../../kit/testing/host.ts';
import type { LogElement } from '../element.ts';
import { module } from '../module.ts';
import { runBelow } from '../run.ts';

export function askerOfHost({ root }: Pick<TestHost, 'root'>) {
  return askerOf(module, runBelow(root));
}

/** `text 203.0.113.9 2`, each row. */
export function toShort(rows: readonly LogElement[]): string[] {
  return rows.map(({ source, value, others, count }) =>
    [source, others === undefined ? value : `(${others})`, count].filter((part) => part !== undefined).join(' '),
  );
}
