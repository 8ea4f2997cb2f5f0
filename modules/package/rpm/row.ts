/** A package from its rpm header. */

import { toText } from '../../kit/files/latin1-text.ts';
import { type RpmHeader, tags } from '../../kit/packages/rpm/header.ts';
import type { PackageRow } from '../columns.ts';

/** Keys that packages are signed with stand among the packages. */
const keyName = 'gpg-pubkey';

/** `bash-5.1.8-6.el9.src.rpm` */
function splitSourceRpm(file: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Undefined for what is no package. @throws CodedError `database-malformed` */
export function toRow(header: RpmHeader): PackageRow | undefined {
  const name = header.text(tags.name);
  if (name === undefined || name === keyName) return undefined;
  const withoutEpoch = [header.text(tags.version), header.text(tags.release)]
    .filter((part) => part !== undefined)
    .join('-');
  const epoch = header.number(tags.epoch) ?? 0;
  const withEpoch = (version: string): string => toText(epoch === 0 ? version : `${epoch}:${version}`);
  const source = splitSourceRpm(header.text(tags.sourceRpm) ?? '');
  const [arch, stream, vendor] = [tags.arch, tags.modularityLabel, tags.vendor].map((tag) => header.text(tag));
  const seconds = header.number(tags.installTime);
  return {
    name: toText(name),
    version: withEpoch(withoutEpoch),
    type: 'rpm',
    ...(arch === undefined ? {} : { arch: toText(arch) }),
    status: 'installed',
    ...(source === undefined || source.name === name ? {} : { source: toText(source.name) }),
    // File names have no epoch: that of the package is taken for its source's.
    ...(source === undefined || source.version === withoutEpoch ? {} : { sourceversion: withEpoch(source.version) }),
    ...(vendor === undefined ? {} : { origin: toText(vendor) }),
    ...(seconds === undefined ? {} : { installed: seconds * 1000 }),
    ...(stream === undefined ? {} : { stream: toText(stream) }),
  };
}
