/** Checks the client certificate of the agents, and that the key beside it belongs to it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import type { BakedEnvironment } from '../../protocol/environment/environment.ts';
import type { EnvironmentInput } from '../config.ts';
import { readInputFile } from './input-file.ts';
import { type ConfigProblem, quote } from './problem.ts';

type Input = NonNullable<EnvironmentInput['relay']['clientCertificate']>;
type Baked = NonNullable<BakedEnvironment['relay']['clientCertificate']>;

function parse<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function findProblems(pems: Baked, input: Input, field: string, now: Date): ConfigProblem[] {
  const certificate = parse(() => new X509Certificate(pems.certificate));
  const key = parse(() => createPrivateKey(pems.key));
  const problems: ConfigProblem[] = [];
  if (certificate === null)
    problems.push({
      field: `${field}.certificate`,
      message: `expected a certificate in PEM, got none in ${quote(input.certificate)}`,
      hint: 'it begins with -----BEGIN CERTIFICATE-----',
    });
  else if (certificate.validToDate <= now)
    problems.push({
      field: `${field}.certificate`,
      message: `expected a certificate that is valid now, got ${quote(certificate.subject)} that expired ${certificate.validTo}`,
      hint: 'have a new one made by the CA that the broker trusts',
    });
  if (key === null)
    problems.push({
      field: `${field}.key`,
      message: `expected a private key in PEM without a passphrase, got none in ${quote(input.key)}`,
      hint: 'take the passphrase off with openssl pkey -in FILE -out FILE.pem',
    });
  else if (certificate !== null && !certificate.checkPrivateKey(key))
    problems.push({
      field: `${field}.key`,
      message: `expected the private key of ${quote(certificate.subject)}, got another`,
      hint: 'name the two files that were made together',
    });
  return problems;
}

/** @returns the contents of both files, or what is wrong with them. */
export async function readClientCertificate(
  input: Input,
  folder: string,
  field: string,
  now: Date,
): Promise<Baked | ConfigProblem[]> {
  const read = async (name: keyof Input): Promise<string | ConfigProblem> => {
    const file = await readInputFile(resolve(folder, input[name]));
    if (file.kind === 'text') return file.text;
    return {
      field: `${field}.${name}`,
      message: `expected a PEM file, got ${file.kind === 'missing' ? 'none' : file.why} at ${quote(input[name])}`,
      hint: 'paths are relative to the folder of the config file',
    };
  };
  const [certificate, key] = await Promise.all([read('certificate'), read('key')]);
  if (typeof certificate === 'string' && typeof key === 'string') {
    const problems = findProblems({ certificate, key }, input, field, now);
    return problems.length > 0 ? problems : { certificate, key };
  }
  return [certificate, key].filter((part) => typeof part !== 'string');
}
