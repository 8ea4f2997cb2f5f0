/** The tables as kysely sees them; the SQL in `migrations/` is what makes them. */
import type { ColumnType, Generated, Kysely, Transaction } from 'kysely';
import type { AgentFacts } from '../../protocol/agent-message/agent-message.ts';
import type { Role } from '../../protocol/api/access-api.ts';
import type { CommandState, Counts } from '../../protocol/api/api.ts';
import type { ActionId, AgentId, CommandId, Fingerprint, InstanceId } from '../../protocol/base/identifiers.ts';
import type { TrustEnvelope } from '../../protocol/trust/trust-list.ts';

/** Written as JSON text, read as the value. */
type Json<Value> = ColumnType<Value, string, string>;

interface AgentColumns {
  readonly id: AgentId;
  readonly name: string;
  readonly queueloc: string;
  readonly mode: AgentFacts['mode'];
  readonly version: string;
  readonly environment: Json<AgentFacts['environment']>;
  readonly tags: Json<AgentFacts['tags']>;
  readonly starttime: Date;
  readonly heartbeattime: Date;
}

export interface Tables {
  trust_lists: {
    readonly fleet: string;
    readonly version: number;
    readonly envelope: Json<TrustEnvelope>;
    readonly received: Generated<Date>;
  };
  agents: AgentColumns & {
    readonly heartbeat: Uint8Array | null;
    readonly publickey: string;
    readonly fleet: string;
    readonly signedtime: Date;
    readonly instance: InstanceId;
    readonly link: Generated<number>;
  };
  agent_instances: {
    readonly agent: AgentId;
    readonly instance: InstanceId;
    readonly name: string;
    readonly environment: string;
    readonly starttime: Date;
    readonly firstheard: Date;
    readonly heartbeattime: Date;
    readonly signedtime: Date;
  };
  agents_view: AgentColumns & { readonly status: 'online' | 'idle' | 'offline'; readonly fleet: string };
  actions: {
    readonly id: ActionId;
    readonly sequence: Generated<number>;
    readonly fleet: string;
    readonly name: string;
    readonly target: string;
    readonly validfrom: Date;
    readonly expireafter: Date;
    readonly created: Generated<Date>;
    readonly investigator: string;
    readonly payload: Uint8Array;
    readonly signatures: Json<string[]>;
    readonly wrappedreplykey: string;
    readonly expired: Generated<boolean>;
    readonly cancelled: Generated<Date | null>;
  };
  action_counts: { readonly action: ActionId } & { readonly [State in keyof Counts]: Generated<number> };
  commands: {
    readonly id: CommandId;
    readonly action: ActionId;
    readonly agent: AgentId;
    readonly state: Generated<CommandState>;
  };
  reports: {
    readonly sequence: Generated<number>;
    readonly command: CommandId;
    readonly action: ActionId;
    readonly agent: AgentId;
    readonly kind: 'result' | 'refusal';
    readonly code: string | null;
    readonly received: Generated<Date>;
    readonly sizebytes: number;
    readonly message: Uint8Array;
  };
  outbox: {
    readonly command: CommandId;
    readonly leaseduntil: Date | null;
    readonly kind: Generated<'run' | 'cancel'>;
  };
  proposals: {
    readonly id: ActionId;
    readonly sequence: Generated<number>;
    readonly name: string;
    readonly target: string;
    readonly validfrom: Date;
    readonly expireafter: Date;
    readonly created: Generated<Date>;
    readonly investigator: string;
    readonly payload: Uint8Array;
    readonly wrappedreplykey: string;
  };
  proposal_signatures: {
    readonly proposal: ActionId;
    readonly fingerprint: Fingerprint;
    readonly investigator: string;
    readonly signature: string;
  };
  investigators: {
    readonly name: string;
    readonly fingerprint: Fingerprint;
    readonly publickey: string;
    readonly role: Role;
    readonly disabled: Generated<boolean>;
    readonly created: Generated<Date>;
    readonly fromfolder: boolean;
  };
  tokens: {
    readonly id: string;
    readonly tokenhash: string;
    readonly name: string;
    readonly investigator: string;
    readonly fingerprint: Fingerprint;
    readonly created: Generated<Date>;
    readonly expires: Date;
  };
  used_challenges: { readonly challenge: string; readonly expires: Date };
  challenge_key: { readonly onlyrow: Generated<boolean>; readonly key: Uint8Array };
  sessions: {
    readonly tokenhash: string;
    readonly fingerprint: Fingerprint;
    readonly investigator: string;
    readonly expires: Date;
  };
}

export type Db = Kysely<Tables>;
/** A statement that is only right inside a transaction asks for one. */
export type Tx = Transaction<Tables>;
