/** The REST API between investigators and the relay: one schema per body, used by both sides. All paths are below `/api/v1`. */
import * as z from 'zod';
import { Envelope } from '../action/envelope.ts';
import { AgentFacts, maximumPlainMessageBytes } from '../agent-message/agent-message.ts';
import { ActionId, AgentId, CommandId, InstanceId } from '../base/identifiers.ts';
import { Instant } from '../base/instant.ts';
import { EnvironmentName } from '../environment/names.ts';
import { targetLimits } from '../target/tree.ts';

export const apiPrefix = '/api/v1';
/** Base64 of an agent's latest heartbeat as it was signed: what investigators check for themselves. */
const SignedHeartbeat = z.base64().max(4 * Math.ceil(maximumPlainMessageBytes / 3));

export const AgentStatus = z.enum(['online', 'idle', 'offline']);
/** One running agent; `instance` is made anew at each of its starts. */
export const AgentInstance = z.strictObject({
  instance: InstanceId,
  name: AgentFacts.shape.name,
  environment: AgentFacts.shape.environment,
  starttime: Instant,
  heartbeattime: Instant,
});
export type AgentInstance = z.infer<typeof AgentInstance>;

export const AgentRecord = z.strictObject({
  id: AgentId,
  ...AgentFacts.shape,
  status: AgentStatus,
  starttime: Instant,
  heartbeattime: Instant,
  /** Everybody who speaks with this agent's key, when that is more than one: its state folder has been copied. */
  clones: z.array(AgentInstance),
  /** Only when it was asked for. */
  heartbeat: SignedHeartbeat.optional(),
});
export type AgentRecord = z.infer<typeof AgentRecord>;

/**
 * `GET /agents/:id` is one `AgentRecord`.
 *
 * `GET /agents?target=…&limit=…&after=…`, or the same as the body of `POST /agents/search`, for a target may be longer
 * than a URL. `total` counts all that the target fits, not the page.
 */
export const AgentsQuery = z.strictObject({
  target: z.string().max(targetLimits.characters).default('all'),
  /** Only those of this environment: the others are not asked. */
  fleet: EnvironmentName.optional(),
  limit: z.coerce.number().int().min(0).max(1000).default(100),
  /** The last id of the page before. */
  after: AgentId.optional(),
  heartbeats: z.union([z.boolean(), z.stringbool()]).default(false),
});
export const AgentsResponse = z.strictObject({
  agents: z.array(AgentRecord),
  total: z.int(),
  next: AgentId.nullable(),
});

/** A command's life: queued → sent → running → one of the final states. */
export const CommandState = z.enum([
  'queued',
  'sent',
  'running',
  'succeeded',
  'failed',
  'refused',
  'expired',
  'cancelled',
]);
export type CommandState = z.infer<typeof CommandState>;
export const finalCommandStates = ['succeeded', 'failed', 'refused', 'expired', 'cancelled'] as const;

/** How many commands of an action are in each state. */
export const Counts = z.strictObject({
  queued: z.int(),
  sent: z.int(),
  running: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  refused: z.int(),
  expired: z.int(),
  cancelled: z.int(),
});
export type Counts = z.infer<typeof Counts>;
export const noCounts: Counts = {
  queued: 0,
  sent: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  refused: 0,
  expired: 0,
  cancelled: 0,
};

/** `POST /actions` → 201 */
export const ActionSubmission = z.strictObject({
  envelope: Envelope,
  /** Armored OpenPGP message to the action's readers, holding the private half of its reply key. */
  wrappedreplykey: z.string().max(64 * 1024),
});
export type ActionSubmission = z.infer<typeof ActionSubmission>;

export const ActionSummary = z.strictObject({
  id: ActionId,
  name: z.string(),
  target: z.string(),
  validfrom: Instant,
  expireafter: Instant,
  created: Instant,
  /** The investigator whose session brought it. */
  investigator: z.string(),
  /** Time at which an investigator stopped it; null when nobody did. */
  cancelled: Instant.nullable(),
  counts: Counts,
});
export type ActionSummary = z.infer<typeof ActionSummary>;

/** `GET /actions?limit=…&before=…&name=…&investigator=…&since=…&until=…`, newest first. */
export const ActionsQuery = z.strictObject({
  /** A part of the action's name, in capital letters or small ones. */
  name: z.string().min(1).max(256).optional(),
  /** The name of the investigator who brought it, in full. */
  investigator: z.string().min(1).max(256).optional(),
  /** Created at this time or later. */
  since: Instant.optional(),
  /** Created before this time. */
  until: Instant.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  /** The last id of the page before. */
  before: ActionId.optional(),
});
export const ActionsResponse = z.strictObject({ actions: z.array(ActionSummary), next: ActionId.nullable() });

/** `GET /actions/:id` */
export const ActionDetail = z.strictObject({ ...ActionSummary.shape, ...ActionSubmission.shape });
export type ActionDetail = z.infer<typeof ActionDetail>;

/**
 * `POST /actions/:id/cancel` → 202 with the `ActionSummary`; for its bringer, its signers and admins. Waiting commands end at
 * once. Agents that are online are told to stop, and report it.
 */

/** `GET /actions/:id/commands?unreported=…&after=…&limit=…`: which agents the action went to, in the order of their ids. */
export const CommandsQuery = z.strictObject({
  /** Only those without a result or a refusal. */
  unreported: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** The last agent of the page before. */
  after: AgentId.optional(),
});
/** `name` is empty, and there is no heartbeat, when the relay has forgotten the agent. */
export const CommandRecord = z.strictObject({
  agent: AgentId,
  name: z.string(),
  state: CommandState,
  heartbeat: SignedHeartbeat.nullable(),
});
export type CommandRecord = z.infer<typeof CommandRecord>;
export const CommandsResponse = z.strictObject({ commands: z.array(CommandRecord), next: AgentId.nullable() });

/** A report as the relay keeps it: `message` is base64 of the signed agent message. The relay cannot open its sealed part. */
export const Report = z.strictObject({
  /** Rises; where to go on from after a pause. */
  sequence: z.int(),
  command: CommandId,
  agent: AgentId,
  kind: z.enum(['result', 'refusal']),
  received: Instant,
  message: z.base64(),
});
export type Report = z.infer<typeof Report>;

/** `GET /actions/:id/reports?after=…&limit=…` */
export const ReportsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const ReportsResponse = z.strictObject({ reports: z.array(Report), next: z.int().nullable() });

/** `GET /health`, without a session: the process answers. */
export const HealthResponse = z.strictObject({ status: z.literal('ok') });

/**
 * `GET /status`, without a session. `GET /ready` is the same for load balancers: 200 when both answer, else a problem
 * `unavailable` with 503.
 */
export const StatusResponse = z.strictObject({ database: z.boolean(), broker: z.boolean() });

/** `GET /version` takes a session: a version tells strangers which holes are open. */
export const VersionResponse = z.strictObject({ version: z.string() });

/** Problem details (RFC 9457), `application/problem+json`; `code` is for programs. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.string(),
});
export type Problem = z.infer<typeof Problem>;
