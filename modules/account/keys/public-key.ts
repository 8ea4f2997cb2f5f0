/** Public keys of SSH: type, size and fingerprints, never the key itself. */
import { createHash } from 'node:crypto';
import { BadKey, bitsOf, toWireString, WireReader } from './wire.ts';

export interface PublicKey {
  /** `ssh-rsa`, `ssh-ed25519-cert-v01@openssh.com` */
  readonly keytype: string;
  /** Undefined for a type that is not known here. */
  readonly bits?: number;
  /** `SHA256:…`, as ssh-keygen prints it: of the key alone for a certificate. */
  readonly fingerprint: string;
  /** `MD5:12:34:…` */
  readonly md5: string;
}

const certificate = '-cert-v01@openssh.com';

type Fields = readonly ('integer' | 'string')[];

/** Fields of the key behind its type, and where its size is. */
const forms: Readonly<
  Record<string, { readonly fields: Fields; readonly bits: (fields: readonly Buffer[]) => number }>
> = {
  'ssh-rsa': { fields: ['integer', 'integer'], bits: ([, modulus]) => bitsOf(modulus ?? Buffer.alloc(0)) },
  'ssh-dss': {
    fields: ['integer', 'integer', 'integer', 'integer'],
    bits: ([prime]) => bitsOf(prime ?? Buffer.alloc(0)),
  },
  'ecdsa-sha2-nistp256': { fields: ['string', 'string'], bits: () => 256 },
  'ecdsa-sha2-nistp384': { fields: ['string', 'string'], bits: () => 384 },
  'ecdsa-sha2-nistp521': { fields: ['string', 'string'], bits: () => 521 },
  'ssh-ed25519': { fields: ['string'], bits: () => 256 },
  'sk-ssh-ed25519@openssh.com': { fields: ['string', 'string'], bits: () => 256 },
  'sk-ecdsa-sha2-nistp256@openssh.com': { fields: ['string', 'string', 'string'], bits: () => 256 },
};

/** The type of the key in a certificate: those of security keys have the vendor in the middle. */
function plainTypeOf(keytype: string): string {
  if (!keytype.endsWith(certificate)) return keytype;
  const plain = keytype.slice(0, -certificate.length);
  return plain.startsWith('sk-') ? `${plain}@openssh.com` : plain;
}

export function isKnownType(keytype: string): boolean {
  return Object.hasOwn(forms, plainTypeOf(keytype));
}

function toFingerprints(blob: Buffer): Pick<PublicKey, 'fingerprint' | 'md5'> {
  const sha256 = createHash('sha256').update(blob).digest('base64').replaceAll('=', '');
  const md5 = createHash('md5').update(blob).digest('hex').match(/../g) ?? [];
  return { fingerprint: `SHA256:${sha256}`, md5: `MD5:${md5.join(':')}` };
}

/** @see RFC 4253 section 6.6, RFC 5656, RFC 8709, OpenSSH's PROTOCOL.certkeys and PROTOCOL.u2f. @throws BadKey */
export function parsePublicKey(blob: Buffer): PublicKey {
  const wire = new WireReader(blob);
  const keytype = wire.name();
  const plainType = plainTypeOf(keytype);
  const form = forms[plainType];
  if (form === undefined || !Object.hasOwn(forms, plainType)) return { keytype, ...toFingerprints(blob) };
  const isCertificate = plainType !== keytype;
  // The nonce of a certificate.
  if (isCertificate) wire.string();
  const fields = form.fields.map(() => wire.string());
  if (!isCertificate && !wire.isAtEnd) throw new BadKey();
  const plain = isCertificate ? Buffer.concat([plainType, ...fields].map(toWireString)) : blob;
  return { keytype, bits: form.bits(fields), ...toFingerprints(plain) };
}
