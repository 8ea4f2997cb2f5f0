/** What to do about a server's certificate that is not trusted, by node:tls's code for it. */
import { toInstant } from '../../protocol/base/instant.ts';

/** Codes of OpenSSL's verification (X509_verify_cert_error_string(3)) for a certificate of a CA that is not known here. */
const unknownIssuer: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);

/** @param ca PEM; undefined trusts the operating system's store. */
export function toCertificateHint(code: string, ca: string | undefined, nowMs: number): string {
  const clock = `this machine's clock says ${toInstant(nowMs)}: set it if that is wrong`;
  if (code === 'CERT_NOT_YET_VALID') return `${clock}; else the server's operator has a certificate for later`;
  if (code === 'CERT_HAS_EXPIRED')
    return `${clock}; else the server's operator has to renew its certificate, or the CA in MIG_CA has expired`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'MIG_SERVER must have a name, or an address, that is in the certificate';
  if (unknownIssuer.has(code))
    return ca === undefined
      ? "set MIG_CA to the PEM file of the server's CA"
      : 'the CA in MIG_CA is not that of this server: ask its operator for the PEM file';
  return 'check that MIG_SERVER is the address of the relay: something else may answer there';
}
