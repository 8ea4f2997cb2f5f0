/** The checks that an action must pass on this agent, each with its own named refusal. */
import * as z from 'zod';
import type { Module } from '../../modules/kit/module.ts';
import { findLoader, type ModuleTable } from '../../modules/registry.ts';
import { type Action, toInstant } from '../../protocol/action/action.ts';
import { type Envelope, parseSignedBytes } from '../../protocol/action/envelope.ts';
import type { AgentFacts } from '../../protocol/agent-message/agent-message.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { toMessage } from '../../protocol/base/coded-error.ts';
import { type ActionId, type AgentId, type Fingerprint, sha256Hex } from '../../protocol/base/identifiers.ts';
import { checkAcl, toSigners } from '../../protocol/environment/acl.ts';
import type { Acl, BakedEnvironment } from '../../protocol/environment/environment.ts';
import { type AnswerClass, lesserAnswer } from '../../protocol/environment/protection.ts';
import { verifyDetached } from '../../protocol/signatures/signatures.ts';
import { evaluateTarget, type TargetFacts } from '../../protocol/target/evaluate.ts';
import { parseTarget } from '../../protocol/target/parser.ts';
import { privateAnswer } from '../run/privacy.ts';
import type { Trust } from '../state/trust-store.ts';

declare const verified: unique symbol;
/** An action that passed every check of this agent but the replay ledger's; only `verifyAction` makes one. */
export type VerifiedAction = Action & { readonly [verified]: true };

/** One module call whose parameters have passed the module's schema; `parameters` is the schema's own output. */
export interface CheckedOperation {
  readonly module: string;
  readonly parameters: unknown;
  readonly answer: AnswerClass;
}

export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly action: VerifiedAction;
      /** In the order of the action's. */
      readonly operations: readonly CheckedOperation[];
      readonly signers: readonly string[];
      readonly keys: readonly Fingerprint[];
      readonly digest: string;
    }
  | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  /** For the owner's log; it does not leave the host. */
  readonly detail: string;
  readonly action: ActionId | null;
  readonly digest: string;
}

/** What an agent is, for the checks: everything in it was baked in or is its own. */
export interface Verifier {
  readonly environment: BakedEnvironment;
  /** Whom this agent obeys at that time. */
  readonly trust: (nowMs: number) => Trust;
  readonly modules: ModuleTable;
  readonly agent: AgentId;
  readonly startedMs: number;
  readonly readFacts: () => AgentFacts;
  readonly matchRegex: (pattern: string, ignoreCase: boolean, text: string) => boolean;
}

type Failure = { readonly code: RefusalCode; readonly detail: string };

/** Check 3: every signature by a known key must hold; unknown signers count nothing. */
async function verifySigners(
  { revokedKeys, readKeys }: Trust,
  bytes: Uint8Array,
  envelope: Envelope,
  latest: Date,
): Promise<Fingerprint[] | Failure> {
  const keys = await readKeys();
  const signers = new Set<Fingerprint>();
  for (const armored of envelope.signatures) {
    const outcome = await verifyDetached(bytes, armored, keys, latest);
    switch (outcome.kind) {
      case 'valid':
        if (revokedKeys.has(outcome.signer))
          return { code: 'key-revoked', detail: `the key ${outcome.signer}, by a trust list` };
        signers.add(outcome.signer);
        break;
      case 'unknown-signer':
        break;
      case 'bad-signature':
        return { code: 'bad-signature', detail: outcome.why };
      case 'signed-later':
        return { code: 'not-yet-valid', detail: `a signature is of later than ${toInstant(latest.getTime())}` };
      default:
        return { code: outcome.kind, detail: `the key ${outcome.signer}` };
    }
  }
  if (signers.size === 0) return { code: 'unknown-signer', detail: 'no signature is by a key that is trusted now' };
  return [...signers];
}

/** As it is carried out where names may not leave the host. */
function toPrivate(declared: Module, { module, parameters, answer }: CheckedOperation): CheckedOperation {
  return {
    module,
    parameters: declared.limitAnswer(parameters, privateAnswer),
    answer: lesserAnswer(answer, privateAnswer),
  };
}

/** Check 1: known modules, parameters that pass their schemas. */
async function parseOperations(
  modules: ModuleTable,
  action: Action,
  extraPrivacy: boolean,
): Promise<CheckedOperation[] | Failure> {
  const parsed: CheckedOperation[] = [];
  for (const { module, parameters } of action.operations) {
    const known = findLoader(modules, module);
    if (known === undefined) return { code: 'unknown-module', detail: `the module '${module}'` };
    const declared = await known.loadModule();
    const result = declared.parameters.safeParse(parameters);
    if (!result.success) return { code: 'bad-parameters', detail: `${module}: ${z.prettifyError(result.error)}` };
    const answer = declared.answerClass(result.data);
    const operation = { module, parameters: result.data, answer };
    parsed.push(extraPrivacy ? toPrivate(declared, operation) : operation);
  }
  return parsed;
}

/** Check 2: inside a window that is not longer than this environment allows. */
function checkWindow(environment: BakedEnvironment, action: Action, nowMs: number): Failure | null {
  const { clockSkewSeconds, maximumWindowSeconds } = environment.limits;
  const from = Date.parse(action.validfrom);
  const until = Date.parse(action.expireafter);
  if (until <= from) return { code: 'malformed', detail: 'expireafter is not after validfrom' };
  if (until - from > maximumWindowSeconds * 1000)
    return {
      code: 'window-too-long',
      detail: `${(until - from) / 1000} s, at most ${maximumWindowSeconds} s are allowed`,
    };
  if (nowMs < from - clockSkewSeconds * 1000)
    return { code: 'not-yet-valid', detail: `valid from ${action.validfrom}` };
  if (nowMs >= until + clockSkewSeconds * 1000) return { code: 'expired', detail: `expired at ${action.expireafter}` };
  return null;
}

/** Check 4: for each operation the distinct people who signed have the weight. */
function checkWeights(acl: Acl, operations: readonly CheckedOperation[], people: ReadonlySet<string>): Failure | null {
  for (const { module, answer } of operations) {
    const outcome = checkAcl(acl, module, people, answer);
    if (outcome.kind === 'denied')
      return {
        code: 'insufficient-weight',
        detail: `${module}, ${answer}: weight ${outcome.weight} of ${outcome.minimumWeight ?? 'no rule'}`,
      };
  }
  return null;
}

/** Check 5: the target is not false by this agent's own facts. */
function checkTarget(verifier: Verifier, action: Action, nowMs: number): Failure | null {
  try {
    const skewMs = verifier.environment.limits.clockSkewSeconds * 1000;
    const facts: TargetFacts = {
      id: verifier.agent,
      ...verifier.readFacts(),
      starttime: toInstant(verifier.startedMs),
      relayTime: { earliestMs: Date.parse(action.validfrom) - skewMs, latestMs: nowMs + skewMs },
    };
    const fits = evaluateTarget(parseTarget(action.target), facts, verifier.matchRegex);
    return fits === false ? { code: 'target-mismatch', detail: action.target } : null;
  } catch (error) {
    return { code: 'malformed', detail: `target: ${toMessage(error)}` };
  }
}

function isFailure(value: readonly unknown[] | Failure): value is Failure {
  return !Array.isArray(value);
}

/**
 * All checks but the replay ledger's, which belongs to whoever runs the action next. The bytes are verified before
 * anything in them is believed.
 */
export async function verifyAction(verifier: Verifier, envelope: Envelope, nowMs: number): Promise<Verdict> {
  const { environment } = verifier;
  const bytes = Buffer.from(envelope.payload, 'base64');
  const digest = sha256Hex(bytes);
  let id: ActionId | null = null;
  const refuse = ({ code, detail }: Failure): Refusal => ({ kind: 'refused', code, detail, action: id, digest });

  const trust = verifier.trust(nowMs);
  const latest = new Date(nowMs + environment.limits.clockSkewSeconds * 1000);
  const keys = await verifySigners(trust, bytes, envelope, latest);
  if (isFailure(keys)) return refuse(keys);
  let action: Action;
  try {
    action = parseSignedBytes(bytes);
  } catch (error) {
    return refuse({ code: 'malformed', detail: toMessage(error) });
  }
  id = action.id;
  if (action.fleet !== environment.name)
    return refuse({ code: 'wrong-fleet', detail: `signed for '${action.fleet}', this is '${environment.name}'` });
  const operations = await parseOperations(verifier.modules, action, environment.extraPrivacy);
  if (isFailure(operations)) return refuse(operations);
  if (trust.revokedActions.has(id)) return refuse({ code: 'action-revoked', detail: 'by a trust list' });
  const people = toSigners(trust.investigators, keys);
  const failure =
    checkWindow(environment, action, nowMs) ??
    checkWeights(trust.acl, operations, people) ??
    checkTarget(verifier, action, nowMs);
  if (failure !== null) return refuse(failure);
  return { kind: 'accepted', action: action as VerifiedAction, operations, signers: [...people], keys, digest };
}
