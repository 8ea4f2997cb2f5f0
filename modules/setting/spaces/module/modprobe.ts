/** What the files of modprobe.d allow. @see modprobe.d(5) */
import type { SkipReason } from '../../../../protocol/result/result.ts';
import { listDropIns } from '../../../kit/files/drop-ins.ts';
import { toGlobPattern } from '../../../kit/files/glob-pattern.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toText } from '../../../kit/files/latin1-text.ts';
import { toModuleName } from '../../../kit/kernel/module-files.ts';
import { parseModprobe } from '../../../kit/modprobe/modprobe-lines.ts';
import type { Place } from '../../key-space.ts';

const kind = 'modprobe.d';
const folders = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];
const mostFileBytes = 4 * 1024 * 1024;

export type ModprobeRule =
  /** Not loaded for a device; by its name it is. */
  | { readonly kind: 'blacklist'; readonly name: string; readonly place: Place }
  /** Runs a command instead of loading it. */
  | { readonly kind: 'install'; readonly name: string; readonly command: string; readonly place: Place };

function* toRules(text: string, path: string): Generator<ModprobeRule> {
  for (const { line, action, module: name, value } of parseModprobe(text)) {
    const place = { path, line };
    if (action === 'blacklist') yield { kind: 'blacklist', name: toModuleName(name), place };
    else if (action === 'install' && value !== '') yield { kind: 'install', name, command: toText(value), place };
  }
}

export class ModprobeRules {
  readonly gap: SkipReason | undefined;
  readonly #rules: ModprobeRule[] = [];

  constructor(host: Host) {
    const { paths, gap } = listDropIns(host, kind, folders);
    let unread = gap;
    for (const path of [...paths, '/etc/modprobe.conf']) {
      const file = host.read(kind, path, { most: mostFileBytes });
      if (file.state === 'unknown') unread ??= file.reason;
      if (file.state !== 'read') continue;
      const rules = [...toRules(file.bytes.toString('latin1'), host.at(path))];
      this.#rules.push(...rules);
      file.report(rules.length);
    }
    this.gap = unread;
  }

  /** The first command counts. @param name with `_` */
  findInstall(name: string): (ModprobeRule & { readonly kind: 'install' }) | undefined {
    for (const rule of this.#rules)
      if (rule.kind === 'install' && toGlobPattern(toModuleName(rule.name)).test(name)) return rule;
    return undefined;
  }

  findBlacklist(name: string): ModprobeRule | undefined {
    return this.#rules.find((rule) => rule.kind === 'blacklist' && rule.name === name);
  }
}
