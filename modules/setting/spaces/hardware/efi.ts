/** `efi:`: variables of the firmware that decide which kernel may start. @see the UEFI specification, 3.3 */
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue, KeySpace, SettingReader } from '../../key-space.ts';
import { always, notApplicable, setTo, unreadable } from '../found.ts';

const firmware = '/sys/firmware/efi';
const globalVariables = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
const variables: Readonly<Record<string, string>> = { secureboot: 'SecureBoot', setupmode: 'SetupMode' };
/** In front of the value. */
const attributeBytes = 4;

class EfiReader implements SettingReader {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  read(key: string): ReturnType<SettingReader['read']> {
    return always(this.#find(variables[key] ?? ''));
  }

  keys(): Iterable<string> {
    return Object.keys(variables);
  }

  #find(variable: string): FoundValue {
    const there = this.#host.status('efi', firmware);
    if (there.state === 'absent') return notApplicable;
    const path = `${firmware}/efivars/${variable}-${globalVariables}`;
    const file = this.#host.readKernel(path);
    if (file.state === 'unknown') return unreadable(file.reason);
    // A firmware without the variable has no secure boot, but the folder may also not be mounted.
    if (file.state === 'absent')
      return this.#host.listFolder('efi', `${firmware}/efivars`).names.length > 0
        ? setTo('no')
        : unreadable('unsupported');
    this.#host.report('efi', path, 1);
    if (file.text.length !== attributeBytes + 1) return unreadable('read-error');
    return setTo(file.text.charCodeAt(attributeBytes) === 1 ? 'yes' : 'no');
  }
}

export const efiSpace: KeySpace = {
  prefix: 'efi',
  discloses: 'values',
  help: 'Whether the firmware only starts signed kernels: secureboot; setupmode: whether anybody may change its keys.',
  example: 'efi:secureboot != yes',
  isPublic: true,
  checkKey: (key) =>
    key.includes('*') || Object.hasOwn(variables, key)
      ? null
      : `expected secureboot or setupmode, got ${JSON.stringify(key)}`,
  typeOf: () => 'boolean',
  open: (host) => new EfiReader(host),
};
