/** Whether agents and the relay will accept a key. It loads openpgp.js: for after a failure, and where nobody waits. */

import type { PublicKey } from 'openpgp';
import { latestNow } from '../../protocol/base/clock.ts';
import { findKeyProblems, fingerprintOf, readPublicKey } from '../../protocol/signatures/openpgp-keys.ts';
import type { InvestigatorKey } from './investigator-key.ts';
import { isKeyProblem, type KeyProblem, keyProblem } from './key-problem.ts';

/** @returns the first thing that makes the key unfit, if there is one. */
export async function findKeyProblem(key: PublicKey, cause?: unknown): Promise<Error | undefined> {
  const [problem] = (await findKeyProblems(key, latestNow())).filter((code): code is KeyProblem => isKeyProblem(code));
  return problem === undefined ? undefined : keyProblem(problem, fingerprintOf(key), cause);
}

/** @throws CodedError<KeyProblem> */
export async function assertFitKey(key: InvestigatorKey): Promise<void> {
  const problem = await findKeyProblem(await readPublicKey(await key.exportPublic()));
  if (problem !== undefined) throw problem;
}
