/** `pam:`: the lines of a service's stack, those of included files in place. */
import type { Host } from '../../../kit/files/host.ts';
import type { FoundValue, KeySpace, SettingReader } from '../../key-space.ts';
import { always, notApplicable, setTo, unreadable, unset } from '../found.ts';
import { type PamType, pamTypes, readPamStack } from './stack.ts';

function parseKey(key: string): { readonly service: string; readonly type: PamType } | undefined {
  const [, service, name] = /^([\w-][\w.-]*)#([a-z]+)$/.exec(key) ?? [];
  const type = pamTypes.find((one) => one === name);
  return service === undefined || type === undefined ? undefined : { service, type };
}

class PamReader implements SettingReader {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  read(written: string) {
    return always(this.#find(written));
  }

  #find(written: string): FoundValue {
    const key = parseKey(written);
    if (key === undefined) return unset;
    const { isThere, lines, gap } = readPamStack(this.#host, key.service, key.type);
    if (gap !== undefined) return unreadable(gap);
    const [first] = lines;
    if (first === undefined) return isThere ? unset : notApplicable;
    return setTo(
      lines.map(({ text }) => text),
      first.line === undefined ? { path: first.path } : { path: first.path, line: first.line },
    );
  }
}

export const pamSpace: KeySpace = {
  prefix: 'pam',
  discloses: 'verdicts',
  help: "The lines of a service's stack, such as `sshd#auth`, those of included files in place.",
  example: 'pam:sshd#auth ~ pam_faillock\\.so',
  checkKey: (key) =>
    parseKey(key) === undefined
      ? `expected a service, # and one of ${pamTypes.join(', ')}, got ${JSON.stringify(key)}`
      : null,
  typeOf: () => 'list',
  open: (host) => new PamReader(host),
};
