/** All packages of a system, by kind. */
import { release, version } from 'node:os';
import { Host } from '../kit/files/host.ts';
import type { SourceWork } from '../kit/listing/run-listing.ts';
import { AlteredFiles } from './altered/altered-files.ts';
import { listApk } from './apk/list-apk.ts';
import type { PackageRow } from './columns.ts';
import { listDpkg } from './dpkg/list-dpkg.ts';
import { toWantedFiles } from './files/wanted.ts';
import { listFlatpak } from './flatpak/list-flatpak.ts';
import { listLanguages } from './languages/list-languages.ts';
import { listPacman } from './pacman/list-pacman.ts';
import { listRpm } from './rpm/list-rpm.ts';
import { type BootedKernel, InstalledKernels } from './running/booted-kernel.ts';
import { listSnap } from './snap/list-snap.ts';
import { listUnowned } from './unowned/unowned-files.ts';

const kinds = [listDpkg, listRpm, listApk, listPacman, listSnap, listFlatpak];

/** @param root of the system: the folder in which its /var is. */
export function packagesBelow(root: string, booted: BootedKernel = { release: release(), version: version() }) {
  return async function* (work: SourceWork): AsyncGenerator<PackageRow> {
    const host = new Host(root, work);
    const wanted = await toWantedFiles(host, work);
    const altered = new AlteredFiles(host, work, wanted.alteredNames ?? (() => []));
    const kernels = work.searches.some(({ running }) => running === true) ? new InstalledKernels(booted) : undefined;
    let isAnyThere = false;
    for (const list of kinds) {
      const listed = list(host, work, wanted);
      let next = await listed.next();
      for (; next.done !== true; next = await listed.next()) {
        if ('files' in next.value) yield* altered.add(next.value);
        else {
          kernels?.add(next.value);
          yield next.value;
        }
      }
      isAnyThere ||= next.value;
    }
    if (yield* listLanguages(root, host, work)) isAnyThere = true;
    if (kernels !== undefined) yield* kernels.rows();
    yield* altered.finish();
    yield* listUnowned(root, host, work);
    if (isAnyThere) return;
    work.findings.skip('unsupported');
    work.findings.note('found no database of packages of a known kind');
  };
}
