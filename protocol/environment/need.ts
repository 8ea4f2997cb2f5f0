/** Rights that a module needs beyond reading what the agent's user may read. A module process loses all others. */
import * as z from 'zod';

/**
 * `files`: those of every owner. `processes`: memory, open files, executable and root of other processes. `mapped-files`:
 * mapped files that have lost their name. `kernel-tables`: interfaces, neighbours and sockets, as the kernel lists them.
 * `network-namespaces`: those of other processes. `clock`: what the kernel knows of it. `unpackers`: processes without any rights, in which packed files are
 * unpacked.
 */
export const Need = z.enum([
  'files',
  'processes',
  'mapped-files',
  'kernel-tables',
  'network-namespaces',
  'clock',
  'unpackers',
]);
export type Need = z.infer<typeof Need>;
