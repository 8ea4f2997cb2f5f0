/** The command lines that boot loaders may start the kernel with next. */
import { join } from 'node:path';
import type { SkipReason } from '../../../../protocol/result/result.ts';
import type { Host } from '../../../kit/files/host.ts';
import { toTableLines } from '../../../kit/files/table-line.ts';
import type { Place } from '../../key-space.ts';
import { known, type Reading, unknown } from '../found.ts';
import { type Parameters, parseCommandLine } from './parameters.ts';

export interface BootEntry {
  readonly parameters: Parameters;
  readonly place: Place;
}

const kind = 'boot-loader';
const grubFiles = ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg'];
const grubEnvironments = ['/boot/grub2/grubenv', '/boot/grub/grubenv'];
/** @see https://uapi-group.org/specifications/specs/boot_loader_specification/ */
const entryFolders = ['/boot/loader/entries', '/efi/loader/entries', '/boot/efi/loader/entries'];
/** Kernels with their command line inside. */
const unifiedFolders = ['/boot/EFI/Linux', '/efi/EFI/Linux', '/boot/efi/EFI/Linux'];
const mostFileBytes = 16 * 1024 * 1024;
const mostEntries = 1000;

class LoaderFiles {
  readonly entries: BootEntry[] = [];
  gap: SkipReason | undefined;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  readGrub(): void {
    for (const path of grubFiles) {
      const file = this.#read(path);
      if (file === undefined) continue;
      const found = findGrubEntries(file.bytes);
      for (const { text, line } of found) this.#add(text, { path: this.#host.at(path), line });
      file.report(found.length);
    }
  }

  readEntries(): void {
    const environment = this.#readEnvironment();
    for (const folder of entryFolders) {
      for (const name of this.#list(folder)) {
        if (!name.endsWith('.conf')) continue;
        const path = join(folder, name);
        const file = this.#read(path);
        if (file === undefined) continue;
        const options = [...toTableLines(file.bytes)].filter(({ text }) => /^options\s/.test(text));
        file.report(options.length);
        const text = options.map((one) => one.text.replace(/^options\s+/, '')).join(' ');
        const line = options[0]?.number;
        this.#add(
          text.replaceAll(/\$(\w+)/g, (_, variable: string) => environment.get(variable) ?? ''),
          { path: this.#host.at(path), ...(line === undefined ? {} : { line }) },
        );
      }
    }
  }

  findUnified(): void {
    for (const folder of unifiedFolders)
      if (this.#list(folder).some((name) => /\.efi$/i.test(name))) this.gap ??= 'unsupported';
  }

  #add(text: string, place: Place): void {
    if (this.entries.length < mostEntries) this.entries.push({ parameters: parseCommandLine(text), place });
    else this.gap ??= 'size-limit';
  }

  #list(folder: string): readonly string[] {
    const { names, gap } = this.#host.listFolder(kind, folder);
    this.gap ??= gap;
    return names;
  }

  #read(path: string) {
    const file = this.#host.read(kind, path, { most: mostFileBytes });
    if (file.state === 'read') return file;
    if (file.state === 'unknown') this.gap ??= file.reason;
    return undefined;
  }

  /** Variables of GRUB, which entries may name. */
  #readEnvironment(): ReadonlyMap<string, string> {
    const variables = new Map<string, string>();
    for (const path of grubEnvironments) {
      const file = this.#read(path);
      if (file === undefined) continue;
      for (const { text } of toTableLines(file.bytes)) {
        const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
        if (name !== undefined && value !== undefined && !variables.has(name)) variables.set(name, value);
      }
      file.report(variables.size);
    }
    return variables;
  }
}

/** The first line when nothing else was chosen, or all: which one starts may stand in a variable. */
function findGrubEntries(bytes: Buffer): { readonly text: string; readonly line: number }[] {
  const lines = [...toTableLines(bytes)];
  const defaults = lines.flatMap(({ text }) => /^set\s+default=(.*?)\s*$/.exec(text)?.[1] ?? []);
  // Set only for one start, by grub-reboot.
  const isFirst = defaults.length > 0 && defaults.every((value) => /^"?(?:0|\$\{next_entry\})"?$/.test(value));
  const entries = lines.flatMap(({ text, number }) => {
    const parameters = /^linux(?:16|efi)?\s+\S+(?:\s+(.*))?$/.exec(text);
    return parameters === null ? [] : [{ text: parameters[1] ?? '', line: number }];
  });
  return isFirst ? entries.slice(0, 1) : entries;
}

/** All that may start next; unknown without any. */
export function readBootEntries(host: Host): Reading<readonly BootEntry[]> {
  const files = new LoaderFiles(host);
  files.readGrub();
  files.readEntries();
  files.findUnified();
  if (files.gap !== undefined) return unknown(files.gap);
  return files.entries.length === 0 ? unknown('unsupported') : known(files.entries);
}
