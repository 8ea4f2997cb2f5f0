/** Packages of npm and its like: a folder for each in `node_modules`. */
import * as z from 'zod';
import { malformed } from '../../kit/files/malformed.ts';
import { type FoundPackage, isPlain } from './found-package.ts';

/** Debian has global packages in a folder of its own. Other folders below a package have files of this name as well. */
export const npmPath = /\/(?:node_modules|(?:share|lib)\/nodejs)\/(?:@[^/]+\/)?[^/]+\/package\.json$/;

const Description = z.looseObject({ name: z.string().optional(), version: z.string().optional() });

function parseJson(bytes: Buffer): unknown {
  try {
    // Some begin with a mark of their encoding.
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw malformed('JSON', `${bytes.length} other bytes`);
  }
}

/** A description without a name is of no package. @throws CodedError `database-malformed` */
export function parseNpm(bytes: Buffer): readonly FoundPackage[] {
  const { success, data } = Description.safeParse(parseJson(bytes));
  if (!success) throw malformed('name and version as texts', 'others');
  const { name, version } = data;
  if (name === undefined || !isPlain(name)) return [];
  return [{ type: 'npm', name, version: version !== undefined && isPlain(version) ? version : null }];
}
