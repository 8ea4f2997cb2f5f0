/** Parses a file of settings. Parsers of other projects are loaded with this file alone, when `file:` is asked. */
import { type SettingDocument, unreadable } from './document.ts';
import { parseJson } from './json.ts';
import type { Format } from './key.ts';
import { parseIni, parseProperties, parseShell } from './lines.ts';
import { parseToml } from './toml.ts';
import { parseXmlDocument } from './xml.ts';
import { parseYaml } from './yaml.ts';

const parsers: Readonly<Record<Format, (text: string) => SettingDocument>> = {
  ini: parseIni,
  shell: parseShell,
  properties: parseProperties,
  json: parseJson,
  yaml: parseYaml,
  toml: parseToml,
  xml: parseXmlDocument,
};

/** @throws CodedError<UnreadableCode> */
export function parseSettingFile(format: Format, bytes: Buffer): SettingDocument {
  if (bytes.includes(0)) throw unreadable('read-error', 'text without NUL');
  const text = bytes.toString('utf8');
  return parsers[format](text.startsWith('\u{feff}') ? text.slice(1) : text);
}
