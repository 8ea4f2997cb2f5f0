/** A package from its stanza. */

import { toText } from '../../kit/files/latin1-text.ts';
import type { Stanza } from '../../kit/packages/dpkg/stanza.ts';
import type { PackageRow, Status } from '../columns.ts';

/** Databases of images without dpkg have no states: what they list is there. */
const plainState = 'install ok installed';

/** Undefined when there is nothing of the package on the system. @param words `want flag state` @see dpkg-query(1) */
function toStatus(words: string): Status | undefined {
  if (words === plainState) return 'installed';
  const [want, flag, state] = words.split(/\s+/);
  if (state === 'not-installed') return undefined;
  if (state === 'config-files') return 'removed';
  if (state !== 'installed' || flag !== 'ok') return 'broken';
  return want === 'hold' ? 'held' : 'installed';
}

type WritableRow = { -readonly [Column in keyof PackageRow]: PackageRow[Column] };

/** `util-linux (2.37.2-4)`; the version stands there only when it is not the package's own. */
function addSource(row: WritableRow, written: string): void {
  const parts = /^(\S+)\s+\((.*)\)$/.exec(written);
  const source = toText(parts?.[1] ?? written);
  if (source !== row.name) row.source = source;
  if (parts?.[2] !== undefined) row.sourceversion = toText(parts[2]);
}

export function toRow(stanza: Stanza): PackageRow | undefined {
  const { package: name, status: words = plainState, version, architecture, source, maintainer } = stanza;
  const status = toStatus(words);
  if (name === undefined || status === undefined) return undefined;
  // Field by field: many spreads of objects are slow in code that runs once.
  const row: WritableRow = { name: toText(name), type: 'dpkg', status };
  if (version !== undefined) row.version = toText(version);
  if (architecture !== undefined) row.arch = toText(architecture);
  if (words !== plainState) row.state = toText(words);
  if (source !== undefined) addSource(row, source);
  if (maintainer !== undefined) row.origin = toText(maintainer);
  return row;
}
