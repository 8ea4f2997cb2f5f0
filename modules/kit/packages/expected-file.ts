/** What a package says of one of its files. */
import type { DigestAlgorithm } from '../../../native/index.ts';

/** Files of settings are meant to be changed. */
export type FileRole = 'config' | 'doc' | 'other';

export interface ExpectedFile {
  /** Where it is, in Latin-1. */
  readonly path: string;
  readonly role: FileRole;
  readonly type?: 'file' | 'folder' | 'link' | 'other';
  readonly digest?: { readonly algorithm: DigestAlgorithm; readonly hex: string };
  /** Where a link leads, in Latin-1; or the digest of that text. */
  readonly link?: string | { readonly algorithm: DigestAlgorithm; readonly hex: string };
  /** With the bits of setuid, setgid and sticky. */
  readonly mode?: number;
  readonly user?: number;
  readonly group?: number;
  /** As text of cap_to_text(3), empty for none; undefined when the package does not say. */
  readonly capabilities?: string;
  /** Whether the package manager does not mind. */
  readonly mayBeMissing?: boolean;
}

/** In which ways a file is not as its package brought it. */
export const differences = ['content', 'missing', 'type', 'mode', 'owner', 'link', 'capability'] as const;
export type Difference = (typeof differences)[number];
