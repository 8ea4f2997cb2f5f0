/** `file:`: values of any structured file. Only whether conditions hold is told. */
import type { KeySpace } from '../../key-space.ts';
import { parseFileKey } from './key.ts';

function pathOf(written: string): string {
  const key = parseFileKey(written);
  return typeof key === 'string' ? '/' : key.path;
}

export const fileSpace: KeySpace = {
  prefix: 'file',
  discloses: 'verdicts',
  help: 'Values of ini, shell, properties, JSON, YAML, TOML and XML files, as `file:PATH#a.b[0]`.',
  example: 'file:/etc/docker/daemon.json#live-restore = true',
  checkKey(written) {
    const key = parseFileKey(written);
    return typeof key === 'string' ? key : null;
  },
  // Compared as numbers where both are.
  typeOf: () => 'number',
  pathOf,
  sourceOf: pathOf,
  async open(host) {
    const { FileReader } = await import('./reader.ts');
    return new FileReader(host);
  },
};
