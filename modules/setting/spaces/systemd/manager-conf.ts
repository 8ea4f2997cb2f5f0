/** Configuration of systemd's managers: one main file, and drop-ins over it. @see systemd-system.conf(5) */
import { listDropIns } from '../../../kit/files/drop-ins.ts';
import type { Host } from '../../../kit/files/host.ts';
import type { UnitSetting } from '../../../kit/systemd/effective-unit.ts';
import { parseUnitText } from '../../../kit/systemd/unit-text.ts';
import { known, type Reading, unknown } from '../found.ts';

const kind = 'systemd';
const folders = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];
const lostAtBoot = '/run/';
const mostBytes = 1024 * 1024;

/** In the order in which they are read. @param atBoot without what a reboot takes away. */
export function readManagerConf(host: Host, name: string, atBoot: boolean): Reading<readonly UnitSetting[]> {
  const own = folders.filter((folder) => !(atBoot && folder.startsWith(lostAtBoot)));
  const dropIns = listDropIns(
    host,
    kind,
    own.map((folder) => `${folder}/${name}.d`),
  );
  if (dropIns.gap !== undefined) return unknown(dropIns.gap);
  const settings: UnitSetting[] = [];
  // Of the main files the first counts.
  let hasMain = false;
  for (const path of [...own.map((folder) => `${folder}/${name}`), ...dropIns.paths]) {
    if (hasMain && path.endsWith(`/${name}`)) continue;
    const file = host.read(kind, path, { most: mostBytes });
    if (file.state === 'unknown') return unknown(file.reason);
    if (file.state === 'absent') continue;
    hasMain ||= path.endsWith(`/${name}`);
    const { assignments } = parseUnitText(file.bytes);
    file.report(assignments.length);
    settings.push(...assignments.map((one) => ({ ...one, path })));
  }
  return known(settings);
}
