/** `plist:`: values of property lists, XML and binary. Only whether conditions hold is told. */
import type { Host } from '../../../kit/files/host.ts';
import type { KeySpace, SettingReader, SettingValue } from '../../key-space.ts';
import { SettingDocuments } from '../file/documents.ts';
import { checkPath } from '../file/key.ts';
import { parsePathExpression, type Step } from '../file/path-expression.ts';
import { PlainDocument } from '../file/plain-value.ts';
import { always, unset } from '../found.ts';
import { isBinaryPlist, parseBinaryPlist } from './binary-plist.ts';
import { parseXmlPlist } from './xml-plist.ts';

interface PlistKey {
  readonly path: string;
  readonly steps: readonly Step[];
}

/** A text says what is wrong. */
function parseKey(key: string): PlistKey | string {
  const [, path = '', expression = ''] = /^([^#]*)#([\s\S]+)$/.exec(key) ?? [];
  const steps = parsePathExpression(expression);
  if (steps === undefined)
    return `expected a path, # and the name of a value, such as /Library/Preferences/x.plist#a.b[0], got ${JSON.stringify(key)}`;
  return checkPath(path) ?? { path, steps };
}

/** @throws CodedError<UnreadableCode> */
export function parsePlist(bytes: Buffer): PlainDocument {
  return new PlainDocument(isBinaryPlist(bytes) ? parseBinaryPlist(bytes) : parseXmlPlist(bytes.toString('utf8')));
}

class PlistReader implements SettingReader {
  readonly #documents: SettingDocuments;

  constructor(host: Host) {
    this.#documents = new SettingDocuments(host, 'plist');
  }

  read(written: string): SettingValue {
    const key = parseKey(written);
    return always(typeof key === 'string' ? unset : this.#documents.find(key.path, 'plist', parsePlist, key.steps));
  }
}

function pathOf(written: string): string {
  const key = parseKey(written);
  return typeof key === 'string' ? '/' : key.path;
}

export const plistSpace: KeySpace = {
  prefix: 'plist',
  discloses: 'verdicts',
  help: 'Values of property lists, as `plist:PATH#a.b[0]`.',
  example: 'plist:/Library/Preferences/com.apple.loginwindow.plist#GuestEnabled = false',
  checkKey(written) {
    const key = parseKey(written);
    return typeof key === 'string' ? key : null;
  },
  typeOf: () => 'number',
  pathOf,
  sourceOf: pathOf,
  open: (host) => new PlistReader(host),
};
