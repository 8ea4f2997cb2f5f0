/** A trust list on its way from signer to signer, as a file. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { CodedError, toMessage } from '../../protocol/coded-error.ts';
import { parseJson } from '../../protocol/strict-json.ts';
import { parseTrustBytes, TrustEnvelope, type TrustList } from '../../protocol/trust-list.ts';

export type TrustFileCode = 'trust-file-unreadable';

const maximumFileBytes = 1024 * 1024;

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
  let envelope: TrustEnvelope;
  try {
    envelope = TrustEnvelope.parse(parseJson(readFileSync(path), { maxBytes: maximumFileBytes }));
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

/** All of it or nothing, also when it replaces the file that was read. */
export function writeTrustFile(path: string, envelope: TrustEnvelope): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(envelope)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
