/** A command handler whose modules do nothing, given one command in a scene that faults have changed. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import pino from 'pino';
import { module } from '../../modules/fault/module.ts';
import type { RunsModules } from '../../modules/host/module-host.ts';
import type { ModuleTable } from '../../modules/registry.ts';
import { type Envelope, toSignedBytes } from '../../protocol/action/envelope.ts';
import { newAction } from '../../protocol/action/testing/new-action.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { type ActionId, commandIdOf, sha256Hex } from '../../protocol/base/identifiers.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { maximumCommandBytes } from '../../protocol/base/limits.ts';
import { BakedEnvironment } from '../../protocol/environment/environment.ts';
import { emptyReceipt } from '../../protocol/result/result.ts';
import { fingerprintOf } from '../../protocol/signatures/openpgp-keys.ts';
import { ActionRunner, type Stops } from '../run/action-runner.ts';
import { CommandHandler, type HandlerParts } from '../run/command-handler.ts';
import { ProtectedQuestions } from '../run/protection.ts';
import { AuditLog, readAuditLog } from '../state/audit-log.ts';
import { loadIdentity, type StoredAgent } from '../state/identity.ts';
import { Outbox } from '../state/outbox.ts';
import { ReplayLedger } from '../state/replay-ledger.ts';
import { TrustStore } from '../state/trust-store.ts';
import { Attempts } from '../verify/attempts.ts';
import type { Verifier } from '../verify/verifier.ts';
import { verifyAction } from '../verify/verify-action.ts';
import { type Fault, hourMs, type Scene, type Signer } from './refusal-faults.ts';
import { toyFacts } from './toy-facts.ts';

const fleet = 'test';
const modules: ModuleTable = {
  fault: { loadModule: async () => module, loadRun: () => Promise.reject(new Error('expected no module to run')) },
};
const people: readonly Signer[] = ['alice', 'bob', 'former', 'stranger'];

/** Of `former` the key has expired. */
async function makeKeys(): Promise<ReadonlyMap<Signer, PrivateKey>> {
  const make = async (name: Signer): Promise<[Signer, PrivateKey]> => {
    const date = new Date(Date.now() - 10 * hourMs);
    const lifetime = name === 'former' ? { keyExpirationTime: 3600 } : {};
    const { privateKey } = await generateKey({ userIDs: [{ name }], format: 'object', date, ...lifetime });
    return [name, privateKey];
  };
  return new Map(await Promise.all(people.map(make)));
}

function toEnvironment(keys: ReadonlyMap<Signer, PrivateKey>): BakedEnvironment {
  const known = [...keys].filter(([name]) => name !== 'stranger');
  return BakedEnvironment.parse({
    name: fleet,
    relay: { url: 'amqp://mig-agent:secret@localhost/', ca: null, proxies: [], clientCertificate: null },
    investigators: known.map(([name, key]) => ({
      name,
      keys: [{ fingerprint: fingerprintOf(key.toPublic()), armored: key.toPublic().armor() }],
    })),
    acl: { default: { minimumWeight: 2, weights: { alice: 2, bob: 1, former: 2 } } },
    tags: {},
    limits: {},
    modules: ['fault'],
    needs: [],
    heartbeatSeconds: 60,
  });
}

function newScene(): Scene {
  return {
    action: newAction({ fleet, expireafter: toInstant(Date.now() + hourMs) }),
    signer: 'alice',
    signedMs: Date.now(),
    toPayload: (bytes) => bytes,
    toSignature: (armored) => armored,
    toBody: (body) => body,
    ended: 0,
    isKeyRevoked: false,
    isActionRevoked: false,
    ledger: 'empty',
    blocked: null,
    running: 0,
  };
}

/** Tells what it took, and is full for one action. */
class ScriptedLedger extends ReplayLedger {
  readonly #full: ActionId | null;
  readonly onTaken = new Map<ActionId, () => void>();

  constructor(directory: string, nowMs: number, full: ActionId | null) {
    super(directory, nowMs);
    this.#full = full;
  }

  override take(action: ActionId, expiresMs: number): void {
    if (action === this.#full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    super.take(action, expiresMs);
    this.onTaken.get(action)?.();
  }
}

function openLedger(directory: string, { ledger, action }: Scene): ScriptedLedger {
  const opened = new ScriptedLedger(
    directory,
    Date.now() + (ledger === 'forgotten' ? 1000 * hourMs : 0),
    ledger === 'unwritable' ? action.id : null,
  );
  if (ledger === 'reported') {
    opened.take(action.id, Date.now() + hourMs);
    opened.markReported(action.id);
  }
  return opened;
}

/** An action that keeps an agent busy. */
interface Filler {
  readonly action: ActionId;
  readonly body: Buffer;
}

export class RefusingAgent {
  readonly #root: string;
  readonly #keys: ReadonlyMap<Signer, PrivateKey>;
  readonly #environment: BakedEnvironment;
  readonly #identity: StoredAgent;
  /** Signed once: each handler has a state of its own, to which they are new. */
  readonly #fillers: Filler[] = [];

  private constructor(root: string, keys: ReadonlyMap<Signer, PrivateKey>) {
    this.#root = root;
    this.#keys = keys;
    this.#environment = toEnvironment(keys);
    this.#identity = loadIdentity(root);
  }

  static async make(root: string): Promise<RefusingAgent> {
    return new RefusingAgent(root, await makeKeys());
  }

  /** The code with which a command is refused, as the audit log has it; null when it is reported. */
  async codeOf(faults: readonly Fault[]): Promise<RefusalCode | null> {
    const scene = newScene();
    for (const { cause } of faults) cause(scene);
    const directory = mkdtempSync(join(this.#root, 'state-'));
    const ledger = openLedger(directory, scene);
    const attempts = new Attempts(directory);
    const handler = new CommandHandler(await this.#toParts(directory, scene, ledger, attempts));
    await this.#fill(handler, ledger, scene.running);
    const body = await this.#toBody(scene);
    for (let time = 0; time < scene.ended; time += 1) attempts.begin(sha256Hex(body), true);
    // What amqplib's frames are counted for in the link.
    if (body.length > maximumCommandBytes) handler.refuseOversized(body.length);
    else await handler.handle(body, async () => {}, scene.ended > 0);
    const event = readAuditLog(directory).at(-1)?.event;
    if (event?.kind === 'refused') return event.code;
    if (event?.kind === 'reported') return null;
    throw new Error(`expected a report or a refusal, got ${JSON.stringify(event)}`);
  }

  /** Carries out an action that passed every check. @returns what the audit log has of its report. */
  async carryOut(run: RunsModules['run'], stops: Stops) {
    const scene = newScene();
    const directory = mkdtempSync(join(this.#root, 'state-'));
    const parts = await this.#toParts(directory, scene, openLedger(directory, scene), new Attempts(directory));
    const verdict = await verifyAction(parts.verifier, await this.#toEnvelope(scene), Date.now());
    if (verdict.kind === 'refused') throw new Error(`expected an accepted action, got ${verdict.code}`);
    const host = { ...parts.host, blocked: null, run };
    await new ActionRunner({ ...parts, host }).run(verdict, stops, () => {});
    return readAuditLog(directory).at(-1)?.event;
  }

  async #toParts(directory: string, scene: Scene, ledger: ReplayLedger, attempts: Attempts): Promise<HandlerParts> {
    const trust = await TrustStore.open(directory, this.#environment);
    const operation = { success: true, foundanything: false, elements: {}, statistics: {}, errors: [] };
    const host = {
      prepare: () => {},
      close: () => {},
      blocked: scene.blocked,
      run: () =>
        scene.running > 0
          ? new Promise<never>(() => {})
          : Promise.resolve({ result: { ...operation, receipt: emptyReceipt() }, questions: 0 }),
    };
    return {
      verifier: this.#toVerifier(scene, trust),
      speaker: { ...this.#identity, nextSequence: () => 1 },
      ledger,
      audit: new AuditLog(directory),
      attempts,
      outbox: new Outbox(directory),
      host,
      protectedQuestions: new ProtectedQuestions(directory, 0, Date.now()),
      stateDirectory: directory,
      trust,
      log: pino({ level: 'silent' }),
    };
  }

  #toVerifier({ action, signer, isKeyRevoked, isActionRevoked }: Scene, trust: TrustStore): Verifier {
    const key = this.#keyOf(signer);
    const revokedKeys = new Set(isKeyRevoked ? [fingerprintOf(key.toPublic())] : []);
    const revokedActions = new Set(isActionRevoked ? [action.id] : []);
    return {
      environment: this.#environment,
      trust: (nowMs) => ({ ...trust.current(nowMs), revokedKeys, revokedActions }),
      modules,
      agent: this.#identity.id,
      startedMs: Date.now(),
      readFacts: () => toyFacts,
      matchRegex: () => false,
    };
  }

  #keyOf(signer: Signer): PrivateKey {
    const key = this.#keys.get(signer);
    if (key === undefined) throw new Error(`expected a key of ${signer}`);
    return key;
  }

  async #toBody(scene: Scene): Promise<Buffer> {
    const id = commandIdOf(scene.action.id, this.#identity.id);
    return scene.toBody(Buffer.from(JSON.stringify({ id, envelope: await this.#toEnvelope(scene) })));
  }

  async #toEnvelope({ action, signer, signedMs, toPayload, toSignature }: Scene): Promise<Envelope> {
    const bytes = toPayload(toSignedBytes({ ...action, readers: [fingerprintOf(this.#keyOf('alice').toPublic())] }));
    const signature = await sign({
      message: await createMessage({ binary: bytes }),
      signingKeys: this.#keyOf(signer),
      detached: true,
      format: 'armored',
      date: new Date(signer === 'former' ? signedMs - 9.5 * hourMs : signedMs),
    });
    return { payload: bytes.toString('base64'), signatures: [toSignature(String(signature))] };
  }

  async #newFiller(): Promise<Filler> {
    const scene = newScene();
    return { action: scene.action.id, body: await this.#toBody(scene) };
  }

  /** With actions of the same person that never end. Resolves when each is taken or refused. */
  async #fill(handler: CommandHandler, ledger: ScriptedLedger, actions: number): Promise<void> {
    for (let index = 0; index < actions; index += 1) {
      const filler = this.#fillers[index] ?? (await this.#newFiller());
      this.#fillers[index] = filler;
      const { action, body } = filler;
      const taken = new Promise<void>((resolve) => ledger.onTaken.set(action, resolve));
      await Promise.race([taken, handler.handle(body, async () => {})]);
    }
  }
}
