/** Files of private keys: whether a passphrase is asked for, and which public key they have. The key itself is not taken. */
import { type PublicKey, parsePublicKey } from './public-key.ts';
import { BadKey, DerReader, toWireString, WireReader } from './wire.ts';

export interface PrivateKey {
  readonly format: 'openssh' | 'pem' | 'pkcs8' | 'putty';
  readonly isEncrypted: boolean;
  /** Undefined where only the decrypted key would tell. */
  readonly publicKey: PublicKey | undefined;
}

const label = /^-----BEGIN ((?:OPENSSH|ENCRYPTED|RSA|DSA|EC) )?PRIVATE KEY-----[ \t]*\r?$/m;
const putty = /^PuTTY-User-Key-File-[123]: ([!-~]+)\r?\n/;
const magic = 'openssh-key-v1\0';

/** Any of the forms: a quick look at a beginning before the whole file is read. */
export function looksPrivate(beginning: Buffer): boolean {
  const text = beginning.toString('latin1');
  return label.test(text) || putty.test(text);
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BadKey) return undefined;
    throw error;
  }
}

/** @see OpenSSH's PROTOCOL.key. @throws BadKey */
function parseOpenSsh(bytes: Buffer): PrivateKey {
  const wire = new WireReader(bytes);
  if (wire.take(magic.length).toString('latin1') !== magic) throw new BadKey();
  const cipher = wire.name();
  wire.string();
  wire.string();
  if (wire.number() !== 1) throw new BadKey();
  const blob = wire.string();
  return { format: 'openssh', isEncrypted: cipher !== 'none', publicKey: orUndefined(() => parsePublicKey(blob)) };
}

/** Names of curves by the last bytes of their object identifiers. */
const curves: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'nistp256',
  '2b81040022': 'nistp384',
  '2b81040023': 'nistp521',
};
const sequence = 0x30;
const integer = 0x02;
const octets = 0x04;
const identifier = 0x06;
const bitString = 0x03;
const parametersTag = 0xa0;
const publicTag = 0xa1;

function toBlob(keytype: string, ...fields: readonly Buffer[]): PublicKey {
  return parsePublicKey(Buffer.concat([keytype, ...fields].map(toWireString)));
}

function integersOf(der: DerReader, count: number): Buffer[] {
  return Array.from({ length: count }, () => der.expect(integer));
}

/** @see RFC 8017 appendix A.1.2. @throws BadKey */
function parseRsa(der: Buffer): PublicKey {
  const [, modulus = Buffer.alloc(0), exponent = Buffer.alloc(0)] = integersOf(
    new DerReader(new DerReader(der).expect(sequence)),
    3,
  );
  return toBlob('ssh-rsa', exponent, modulus);
}

/** The form of OpenSSL. @throws BadKey */
function parseDsa(der: Buffer): PublicKey {
  const [, ...numbers] = integersOf(new DerReader(new DerReader(der).expect(sequence)), 5);
  return toBlob('ssh-dss', ...numbers);
}

/** @param curve of the surrounding form, if that says it. @see RFC 5915. @throws BadKey */
function parseEc(der: Buffer, curve: string | undefined): PublicKey {
  const fields = new DerReader(new DerReader(der).expect(sequence));
  fields.expect(integer);
  fields.expect(octets);
  let name = curve;
  while (!fields.isAtEnd) {
    const { tag, content } = fields.next();
    if (tag === parametersTag) name = curves[new DerReader(content).expect(identifier).toString('hex')];
    // The first byte of a bit string is the number of unused bits.
    else if (tag === publicTag && name !== undefined)
      return toBlob(`ecdsa-sha2-${name}`, Buffer.from(name), new DerReader(content).expect(bitString).subarray(1));
  }
  throw new BadKey();
}

/** @see RFC 5958. @throws BadKey */
function parsePkcs8(der: Buffer): PublicKey {
  const fields = new DerReader(new DerReader(der).expect(sequence));
  fields.expect(integer);
  const algorithm = new DerReader(fields.expect(sequence));
  const inner = (): Buffer => fields.expect(octets);
  switch (algorithm.expect(identifier).toString('hex')) {
    case '2a864886f70d010101':
      return parseRsa(inner());
    case '2a8648ce3d0201': {
      const curve = curves[algorithm.expect(identifier).toString('hex')];
      return parseEc(inner(), curve);
    }
    default:
      // Others, such as Ed25519, have no public half in them.
      throw new BadKey();
  }
}

function parsePem(text: string): PrivateKey | undefined {
  const found = label.exec(text);
  if (found === null) return undefined;
  const [line, kind = ''] = found;
  const body = text.slice(found.index + line.length).split(/^-----END /m)[0] ?? '';
  const isSealed = /^Proc-Type:[^\n]*ENCRYPTED/m.test(body);
  const bytes = Buffer.from(body.replaceAll(/^[\w-]+:.*$/gm, '').replaceAll(/\s/g, ''), 'base64');
  const plain = (format: 'pem' | 'pkcs8', parse: () => PublicKey): PrivateKey => ({
    format,
    isEncrypted: isSealed,
    publicKey: isSealed ? undefined : orUndefined(parse),
  });
  switch (kind) {
    case 'OPENSSH ':
      return orUndefined(() => parseOpenSsh(bytes));
    case 'ENCRYPTED ':
      return { format: 'pkcs8', isEncrypted: true, publicKey: undefined };
    case 'RSA ':
      return plain('pem', () => parseRsa(bytes));
    case 'DSA ':
      return plain('pem', () => parseDsa(bytes));
    case 'EC ':
      return plain('pem', () => parseEc(bytes, undefined));
    default:
      return plain('pkcs8', () => parsePkcs8(bytes));
  }
}

const mostPuttyLines = 1000;

function parsePutty(text: string): PrivateKey | undefined {
  if (!putty.test(text)) return undefined;
  const encryption = /^Encryption: ([!-~]+)\r?$/m.exec(text)?.[1];
  const [, count = '0', body = ''] = /^Public-Lines: (\d{1,4})\r?\n([\s\S]*)$/m.exec(text) ?? [];
  if (encryption === undefined) return undefined;
  const lines = body.split(/\r?\n/, Math.min(Number(count), mostPuttyLines));
  return {
    format: 'putty',
    isEncrypted: encryption !== 'none',
    publicKey: orUndefined(() => parsePublicKey(Buffer.from(lines.join(''), 'base64'))),
  };
}

/** Undefined for a file that holds no private key. */
export function parsePrivateKey(bytes: Buffer): PrivateKey | undefined {
  const text = bytes.toString('latin1');
  return parsePutty(text) ?? parsePem(text);
}
