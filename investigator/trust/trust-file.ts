/** A trust list on its way from signer to signer, as a file. */
import { CodedError, toMessage } from '../../protocol/base/coded-error.ts';
import { parseJson } from '../../protocol/base/strict-json.ts';
import { parseTrustBytes, TrustEnvelope, type TrustList } from '../../protocol/trust/trust-list.ts';
import { readNamedFile, writeNamedFile } from '../cli/named-file.ts';

type TrustFileCode = 'trust-file-unreadable';

const maximumFileBytes = 1024 * 1024;
/** The list itself is base64. */
const maximumFileValues = 64;

export interface TrustFile {
  readonly envelope: TrustEnvelope;
  readonly signedBytes: Buffer;
  /** Read before any signature is checked. */
  readonly list: TrustList;
}

/** @throws CodedError<TrustCode> */
export function toTrustFile(envelope: TrustEnvelope): TrustFile {
  const signedBytes = Buffer.from(envelope.payload, 'base64');
  return { envelope, signedBytes, list: parseTrustBytes(signedBytes) };
}

/** @throws CodedError<TrustFileCode | TrustCode> */
export function readTrustFile(path: string): TrustFile {
  const bytes = readNamedFile(path, 'trust list', 'mig trust new writes one');
  let envelope: TrustEnvelope;
  try {
    envelope = TrustEnvelope.parse(parseJson(bytes, { maxBytes: maximumFileBytes, maxValues: maximumFileValues }));
  } catch (cause) {
    throw new CodedError<TrustFileCode>(
      'trust-file-unreadable',
      `expected a trust list in ${path}: ${toMessage(cause)}`,
      {
        hint: 'mig trust new writes one',
        cause,
      },
    );
  }
  return toTrustFile(envelope);
}

export function writeTrustFile(path: string, envelope: TrustEnvelope): void {
  writeNamedFile(path, `${JSON.stringify(envelope)}\n`);
}
