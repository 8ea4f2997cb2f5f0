/**
 * ASCII armor (RFC 9580, 6.2) read strictly: one block and nothing around it. OpenPGP libraries read past other text and
 * further blocks; here two spellings of one thing would be two things.
 */

/** The header keys of RFC 9580, 6.2.2, but `Hash`, which belongs to cleartext signatures. */
const headerLine = '(?:(?:Version|Comment|MessageID|Charset): [^\\r\\n]*\\r?\\n)*';
const dataLine = '[A-Za-z0-9+/]{1,76}[ \\t]*\\r?\\n';
const lastDataLine = '[A-Za-z0-9+/]{1,76}={0,2}[ \\t]*\\r?\\n';
/** Optional, and ignored as RFC 9580, 6.1 asks: what is in the armor is proven by cryptography. */
const checksumLine = '(?:=[A-Za-z0-9+/]{4}[ \\t]*\\r?\\n)?';

export type ArmorKind = 'SIGNATURE' | 'MESSAGE';

function toPattern(kind: ArmorKind): RegExp {
  return new RegExp(
    `^-----BEGIN PGP ${kind}-----[ \\t]*\\r?\\n${headerLine}[ \\t]*\\r?\\n((?:${dataLine})*${lastDataLine})${checksumLine}-----END PGP ${kind}-----\\s*$`,
  );
}

const patterns: Readonly<Record<ArmorKind, RegExp>> = {
  SIGNATURE: toPattern('SIGNATURE'),
  MESSAGE: toPattern('MESSAGE'),
};

/** The bytes in the armor; null when it is not one block of this kind alone. */
export function readArmor(armored: string, kind: ArmorKind): Buffer | null {
  const [, data] = patterns[kind].exec(armored) ?? [];
  if (data === undefined) return null;
  const bytes = Buffer.from(data, 'base64');
  // Base64 has several spellings where its last digits say more than the last byte does.
  return bytes.toString('base64') === data.replaceAll(/\s/g, '') ? bytes : null;
}
