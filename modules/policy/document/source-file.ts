/** Documents as people write them: YAML, or JSON. */
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { CodedError, toMessage } from '../../../protocol/base/coded-error.ts';
import { parseJson } from '../../../protocol/base/strict-json.ts';

type SourceCode = 'document-unreadable';

const mostBytes = 8 * 1024 * 1024;
const mostValues = 512 * 1024;
/** A file of a few lines must not grow to gigabytes. */
const mostAliases = 100;

function parseText(bytes: Buffer): unknown {
  if (/^\s*[{[]/.test(bytes.toString('latin1', 0, 1024)))
    return parseJson(bytes, { maxBytes: mostBytes, maxValues: mostValues });
  return parseYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { maxAliasCount: mostAliases });
}

/** @param file its name, for messages. @throws CodedError<SourceCode> */
export function parseSourceFile(bytes: Buffer, file: string): unknown {
  try {
    if (bytes.length > mostBytes)
      throw new CodedError<SourceCode>(
        'document-unreadable',
        `expected at most ${mostBytes} bytes, got ${bytes.length}`,
      );
    return parseText(bytes);
  } catch (cause) {
    const why = cause instanceof YAMLParseError ? cause.message.split('\n')[0] : toMessage(cause);
    throw new CodedError<SourceCode>('document-unreadable', `expected YAML or JSON in ${file}: ${why}`, { cause });
  }
}
