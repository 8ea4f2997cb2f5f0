/** What a command is sent in, and one fault for every code of every check in docs/protocol.md. */
import type { Action } from '../../protocol/action/action.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import { toInstant } from '../../protocol/base/instant.ts';
import { maximumCommandBytes } from '../../protocol/base/limits.ts';
import { bearableAttempts } from '../verify/attempts.ts';
import { maximumPerPerson } from '../verify/checks/room.ts';

export const hourMs = 3600 * 1000;

export type Signer = 'alice' | 'bob' | 'former' | 'stranger';

/** In order, until a fault changes it. */
export interface Scene {
  action: Action;
  signer: Signer;
  signedMs: number;
  toPayload: (bytes: Buffer) => Buffer;
  toSignature: (armored: string) => string;
  toBody: (body: Buffer) => Buffer;
  /** How often the agent ended while it handled the message. */
  ended: number;
  isKeyRevoked: boolean;
  isActionRevoked: boolean;
  ledger: 'empty' | 'reported' | 'forgotten' | 'unwritable';
  /** Why no module process can be started. */
  blocked: string | null;
  /** Actions of the same person that run already. */
  running: number;
}

export interface Fault {
  readonly step: string;
  readonly code: RefusalCode;
  readonly cause: (scene: Scene) => void;
}

function change(changes: (action: Action) => Partial<Action>): (scene: Scene) => void {
  return (scene) => {
    scene.action = { ...scene.action, ...changes(scene.action) };
  };
}

function set(changes: Partial<Scene>): (scene: Scene) => void {
  return (scene) => {
    Object.assign(scene, changes);
  };
}

function window(fromHours: number, untilHours: number): (scene: Scene) => void {
  const at = (hours: number) => toInstant(Date.now() + hours * hourMs);
  return change(() => ({ validfrom: at(fromHours), expireafter: at(untilHours) }));
}

/** Another character in the middle of the base64. */
function spoil(armored: string): string {
  const middle = armored.length >> 1;
  return `${armored.slice(0, middle)}${armored[middle] === 'A' ? 'B' : 'A'}${armored.slice(middle + 1)}`;
}

const spaced = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from(' ')]);

/** In the order of the table. */
export const faults: readonly Fault[] = [
  { step: '4.1', code: 'malformed', cause: set({ toBody: () => Buffer.alloc(maximumCommandBytes + 1) }) },
  { step: '4.2', code: 'unhandled', cause: set({ ended: bearableAttempts }) },
  { step: '4.3', code: 'malformed', cause: set({ toBody: (body) => body.subarray(1) }) },
  { step: '4.4', code: 'bad-signature', cause: set({ toSignature: spoil }) },
  { step: '4.4', code: 'key-expired', cause: set({ signer: 'former' }) },
  { step: '4.4', code: 'key-revoked', cause: set({ isKeyRevoked: true }) },
  { step: '4.4', code: 'not-yet-valid', cause: set({ signedMs: Date.now() + 3 * hourMs }) },
  { step: '4.4', code: 'unknown-signer', cause: set({ signer: 'stranger' }) },
  { step: '4.5', code: 'malformed', cause: set({ toPayload: spaced }) },
  { step: '4.6', code: 'wrong-fleet', cause: change(() => ({ fleet: 'other' })) },
  { step: '4.7', code: 'unknown-module', cause: change(() => ({ operations: [{ module: 'none', parameters: {} }] })) },
  { step: '4.7', code: 'bad-parameters', cause: change(() => ({ operations: [{ module: 'fault', parameters: 1 }] })) },
  { step: '4.8', code: 'action-revoked', cause: set({ isActionRevoked: true }) },
  { step: '4.9', code: 'malformed', cause: window(1, 0) },
  { step: '4.9', code: 'window-too-long', cause: window(-1, 24 * 365) },
  { step: '4.9', code: 'not-yet-valid', cause: window(1, 2) },
  { step: '4.9', code: 'expired', cause: window(-2, -1) },
  { step: '4.10', code: 'insufficient-weight', cause: set({ signer: 'bob' }) },
  { step: '4.11', code: 'malformed', cause: change(() => ({ target: "name LIKE '" })) },
  { step: '4.11', code: 'target-mismatch', cause: change(() => ({ target: "name = 'db1.example.org'" })) },
  { step: '4.12', code: 'replayed', cause: set({ ledger: 'reported' }) },
  { step: '4.12', code: 'expired', cause: set({ ledger: 'forgotten' }) },
  { step: '4.13', code: 'modules-stuck', cause: set({ blocked: 'eight processes could not be killed' }) },
  { step: '4.13', code: 'busy', cause: set({ running: maximumPerPerson }) },
  { step: '4.14', code: 'state-unwritable', cause: set({ ledger: 'unwritable' }) },
];
