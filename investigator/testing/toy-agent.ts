/** An agent's voice: real keys, real seals, real signatures, and answers that a test makes up. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Action } from '../../protocol/action/action.ts';
import { signAgentMessage, toRawPublicKey } from '../../protocol/agent-message/agent-message.ts';
import type { RefusalCode } from '../../protocol/agent-message/refusal.ts';
import type { Report } from '../../protocol/api/api.ts';
import {
  type AgentId,
  agentIdOf,
  type CommandId,
  commandIdOf,
  newInstanceId,
} from '../../protocol/base/identifiers.ts';
import type { OperationResult, Result } from '../../protocol/result/result.ts';
import { sealResult } from '../../protocol/result/sealed.ts';

export class ToyAgent {
  readonly id: AgentId;
  readonly #name: string;
  readonly #publicKey: string;
  readonly #privateKey: KeyObject;

  constructor(name: string) {
    const pair = generateKeyPairSync('ed25519');
    const raw = toRawPublicKey(pair.publicKey);
    this.id = agentIdOf(raw);
    this.#name = name;
    this.#publicKey = raw.toString('base64');
    this.#privateKey = pair.privateKey;
  }

  result(
    action: Action,
    digest: string,
    operations: readonly OperationResult[],
    changes: { readonly inside?: Partial<Result>; readonly state?: 'failed'; readonly replykey?: string } = {},
  ): Report {
    const command = commandIdOf(action.id, this.id);
    const result: Result = {
      agent: { id: this.id, name: this.#name },
      action: action.id,
      actiondigest: digest,
      operations: [...operations],
      ...changes.inside,
    };
    const message = signAgentMessage(
      {
        kind: 'result',
        agent: this.id,
        publickey: this.#publicKey,
        sequence: 1,
        command,
        action: action.id,
        actiondigest: digest,
        state: changes.state ?? 'succeeded',
        sealed: sealResult(result, changes.replykey ?? action.replykey),
      },
      this.#privateKey,
    );
    return this.#report(action, 'result', message);
  }

  refusal(action: Action, digest: string, code: RefusalCode): Report {
    const message = signAgentMessage(
      {
        kind: 'refusal',
        agent: this.id,
        publickey: this.#publicKey,
        sequence: 2,
        command: commandIdOf(action.id, this.id),
        actiondigest: digest,
        code,
        time: '2026-01-31T07:00:00Z',
      },
      this.#privateKey,
    );
    return this.#report(action, 'refusal', message);
  }

  /** A genuine message of the wrong kind. @param reported commands that it says it has answered. */
  heartbeat(action: Action, reported: readonly CommandId[] = []): Report {
    const message = signAgentMessage(
      {
        kind: 'heartbeat',
        agent: this.id,
        publickey: this.#publicKey,
        sequence: 3,
        audit: { sequence: 0, hash: '0'.repeat(64) },
        reported: [...reported],
        fleet: action.fleet,
        instance: newInstanceId(),
        facts: { name: this.#name, queueloc: 'linux.x', mode: 'daemon', version: '1', environment: {}, tags: {} },
        link: 1,
        starttime: '2026-01-31T07:00:00Z',
        time: '2026-01-31T07:00:00Z',
      },
      this.#privateKey,
    );
    return this.#report(action, 'result', message);
  }

  #report(action: Action, kind: Report['kind'], message: Buffer): Report {
    return {
      sequence: 1,
      command: commandIdOf(action.id, this.id),
      agent: this.id,
      kind,
      received: '2026-01-31T07:00:00Z',
      message: message.toString('base64'),
    };
  }
}
