/** Looks values up in files that keys name. */
import type { Host } from '../../../kit/files/host.ts';
import type { SettingReader, SettingValue } from '../../key-space.ts';
import { always, unset } from '../found.ts';
import { SettingDocuments } from './documents.ts';
import { parseFileKey } from './key.ts';
import { parseSettingFile } from './parse.ts';

export class FileReader implements SettingReader {
  readonly #documents: SettingDocuments;

  constructor(host: Host) {
    this.#documents = new SettingDocuments(host, 'file');
  }

  read(written: string): SettingValue {
    const key = parseFileKey(written);
    if (typeof key === 'string') return always(unset);
    const { format, path, steps } = key;
    return always(this.#documents.find(path, format, (bytes) => parseSettingFile(format, bytes), steps));
  }
}
