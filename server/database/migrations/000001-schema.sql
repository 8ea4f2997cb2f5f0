-- The relay's whole state. Signed actions and sealed answers are kept as the bytes that came; nothing here is a plain result.

CREATE TABLE agents (
  id text PRIMARY KEY,
  publickey text NOT NULL,
  fleet text NOT NULL,
  name text NOT NULL,
  queueloc text NOT NULL,
  mode text NOT NULL,
  version text NOT NULL,
  environment jsonb NOT NULL,
  tags jsonb NOT NULL,
  starttime timestamptz NOT NULL,
  -- When the relay received the latest heartbeat; the agent's clock has no say in its status.
  heartbeattime timestamptz NOT NULL,
  -- The time that the agent signed into it, so that an older heartbeat cannot replace a newer one.
  signedtime timestamptz NOT NULL
);

-- What a target and the API can ask for.
CREATE VIEW agents_view AS
SELECT
  id, name, queueloc, mode, version, environment, tags, starttime, heartbeattime,
  CASE
    WHEN heartbeattime > now() - interval '3 minutes' THEN 'online'
    WHEN heartbeattime > now() - interval '30 minutes' THEN 'idle'
    ELSE 'offline'
  END AS status
FROM agents;

CREATE TABLE actions (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  fleet text NOT NULL,
  name text NOT NULL,
  target text NOT NULL,
  validfrom timestamptz NOT NULL,
  expireafter timestamptz NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  investigator text NOT NULL,
  payload bytea NOT NULL,
  signatures jsonb NOT NULL,
  wrappedreplykey text NOT NULL,
  -- Set once its open commands have been expired.
  expired boolean NOT NULL DEFAULT false
);
CREATE INDEX actions_to_expire ON actions (expireafter) WHERE NOT expired;

-- How many commands are in each state, kept by the triggers below. Its row is also the lock of an action: whoever
-- changes commands or adds reports takes it first, so that a reader of reports never sees a sequence appear late.
CREATE TABLE action_counts (
  action text PRIMARY KEY REFERENCES actions ON DELETE CASCADE,
  queued integer NOT NULL DEFAULT 0,
  sent integer NOT NULL DEFAULT 0,
  running integer NOT NULL DEFAULT 0,
  succeeded integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  expired integer NOT NULL DEFAULT 0,
  cancelled integer NOT NULL DEFAULT 0
);

CREATE TABLE commands (
  id text PRIMARY KEY,
  action text NOT NULL REFERENCES actions ON DELETE CASCADE,
  agent text NOT NULL REFERENCES agents ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'queued' CHECK (
    state IN ('queued', 'sent', 'running', 'succeeded', 'failed', 'refused', 'expired', 'cancelled')
  ),
  UNIQUE (action, agent)
);
CREATE INDEX commands_open ON commands (action) WHERE state IN ('queued', 'sent', 'running');
CREATE INDEX commands_queued ON commands (agent) WHERE state = 'queued';

CREATE TABLE reports (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  command text NOT NULL REFERENCES commands ON DELETE CASCADE,
  action text NOT NULL REFERENCES actions ON DELETE CASCADE,
  agent text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('result', 'refusal')),
  -- The refusal's code; null for a result.
  code text,
  received timestamptz NOT NULL DEFAULT now(),
  sizebytes integer NOT NULL,
  message bytea NOT NULL
);
-- One result per command, and one refusal per command and reason, however often they are delivered.
CREATE UNIQUE INDEX reports_one_result ON reports (command) WHERE kind = 'result';
CREATE UNIQUE INDEX reports_one_refusal ON reports (command, code) WHERE kind = 'refusal';
CREATE INDEX reports_of_action ON reports (action, sequence);
-- Sealed bytes do not compress.
ALTER TABLE reports ALTER COLUMN message SET STORAGE EXTERNAL;

-- Commands that the broker has not confirmed yet. A publisher leases a row; when it dies, another takes it after the lease.
CREATE TABLE outbox (
  command text PRIMARY KEY REFERENCES commands ON DELETE CASCADE,
  leaseduntil timestamptz
);
CREATE INDEX outbox_due ON outbox (leaseduntil NULLS FIRST);

CREATE TABLE challenges (
  challenge text PRIMARY KEY,
  fingerprint text NOT NULL,
  expires timestamptz NOT NULL
);

CREATE TABLE sessions (
  -- SHA-256 of the token, which only the investigator has.
  tokenhash text PRIMARY KEY,
  fingerprint text NOT NULL,
  investigator text NOT NULL,
  expires timestamptz NOT NULL
);

-- The row of counts may not be there yet: an action and its commands come in one statement.
CREATE FUNCTION count_inserted_commands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO action_counts AS counts (action, queued)
  SELECT action, count(*) FROM inserted GROUP BY action
  ON CONFLICT (action) DO UPDATE SET queued = counts.queued + excluded.queued;
  PERFORM pg_notify('mig_action', action) FROM (SELECT DISTINCT action FROM inserted) AS touched;
  RETURN NULL;
END
$$;

CREATE TRIGGER count_inserted_commands AFTER INSERT ON commands
REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_commands();

CREATE FUNCTION count_updated_commands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE action_counts AS counts SET
    queued = counts.queued + change.queued,
    sent = counts.sent + change.sent,
    running = counts.running + change.running,
    succeeded = counts.succeeded + change.succeeded,
    failed = counts.failed + change.failed,
    refused = counts.refused + change.refused,
    expired = counts.expired + change.expired,
    cancelled = counts.cancelled + change.cancelled
  FROM (
    SELECT
      action,
      coalesce(sum(sign) FILTER (WHERE state = 'queued'), 0) AS queued,
      coalesce(sum(sign) FILTER (WHERE state = 'sent'), 0) AS sent,
      coalesce(sum(sign) FILTER (WHERE state = 'running'), 0) AS running,
      coalesce(sum(sign) FILTER (WHERE state = 'succeeded'), 0) AS succeeded,
      coalesce(sum(sign) FILTER (WHERE state = 'failed'), 0) AS failed,
      coalesce(sum(sign) FILTER (WHERE state = 'refused'), 0) AS refused,
      coalesce(sum(sign) FILTER (WHERE state = 'expired'), 0) AS expired,
      coalesce(sum(sign) FILTER (WHERE state = 'cancelled'), 0) AS cancelled
    FROM (
      SELECT action, state, 1 AS sign FROM after_update
      UNION ALL
      SELECT action, state, -1 AS sign FROM before_update
    ) AS signed
    GROUP BY action
  ) AS change
  WHERE counts.action = change.action;
  PERFORM pg_notify('mig_action', action) FROM (SELECT DISTINCT action FROM after_update) AS touched;
  RETURN NULL;
END
$$;

CREATE TRIGGER count_updated_commands AFTER UPDATE ON commands
REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update
FOR EACH STATEMENT EXECUTE FUNCTION count_updated_commands();

CREATE FUNCTION notify_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mig_report', action) FROM (SELECT DISTINCT action FROM inserted) AS touched;
  RETURN NULL;
END
$$;

CREATE TRIGGER notify_report AFTER INSERT ON reports
REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION notify_report();

CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mig_outbox', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER notify_outbox AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();

CREATE FUNCTION begin_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO action_counts (action) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  PERFORM pg_notify('mig_created', NEW.id);
  RETURN NULL;
END
$$;

CREATE TRIGGER begin_action AFTER INSERT ON actions FOR EACH ROW EXECUTE FUNCTION begin_action();
