-- Cancelled actions, proposals, who may use the API, and agents that share a key.

ALTER TABLE actions ADD COLUMN cancelled timestamptz;

-- What the broker is to be told of a command: to run it, or to stop it.
ALTER TABLE outbox ADD COLUMN kind text NOT NULL DEFAULT 'run' CHECK (kind IN ('run', 'cancel'));

-- Actions that wait for more signatures. Nothing is sent from here.
CREATE TABLE proposals (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  name text NOT NULL,
  target text NOT NULL,
  validfrom timestamptz NOT NULL,
  expireafter timestamptz NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  investigator text NOT NULL,
  payload bytea NOT NULL,
  wrappedreplykey text NOT NULL
);
CREATE INDEX proposals_to_expire ON proposals (expireafter);

CREATE TABLE proposal_signatures (
  proposal text NOT NULL REFERENCES proposals ON DELETE CASCADE,
  fingerprint text NOT NULL,
  investigator text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (proposal, fingerprint)
);

CREATE TABLE investigators (
  name text PRIMARY KEY,
  fingerprint text NOT NULL UNIQUE,
  publickey text NOT NULL,
  role text NOT NULL CHECK (role IN ('observer', 'investigator', 'admin')),
  disabled boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT now(),
  -- From a file of the operator, who takes the person away by taking the file away; else added through the API.
  fromfolder boolean NOT NULL
);

-- For programs: they read and change nothing.
CREATE TABLE tokens (
  id text PRIMARY KEY,
  -- SHA-256 of the token, which only its owner has.
  tokenhash text NOT NULL UNIQUE,
  name text NOT NULL,
  investigator text NOT NULL REFERENCES investigators ON DELETE CASCADE,
  created timestamptz NOT NULL DEFAULT now(),
  expires timestamptz NOT NULL
);

-- Each server keeps what it knows of investigators, sessions and tokens; this tells it to ask again.
CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mig_access', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER notify_access AFTER INSERT OR UPDATE OR DELETE ON investigators
FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_access AFTER DELETE ON sessions
FOR EACH ROW WHEN (OLD.expires > now()) EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_access AFTER DELETE ON tokens
FOR EACH ROW WHEN (OLD.expires > now()) EXECUTE FUNCTION notify_access();

-- The start of the agent that sent the latest heartbeat.
ALTER TABLE agents ADD COLUMN instance text NOT NULL DEFAULT '';

-- Starts of an agent that were heard beside another one: a restart, or a copy of its key at work.
CREATE TABLE agent_instances (
  agent text NOT NULL REFERENCES agents ON DELETE CASCADE,
  instance text NOT NULL,
  name text NOT NULL,
  environment jsonb NOT NULL,
  starttime timestamptz NOT NULL,
  -- When the relay first and last heard it, by the relay's clock.
  firstheard timestamptz NOT NULL,
  heartbeattime timestamptz NOT NULL,
  -- The latest time that it signed, by its own clock.
  signedtime timestamptz NOT NULL,
  PRIMARY KEY (agent, instance)
);
CREATE INDEX agent_instances_by_age ON agent_instances (heartbeattime);

-- How long after its last heartbeat an agent counts as online and as idle: set by each server when it starts.
CREATE TABLE status_limits (
  onlyrow boolean PRIMARY KEY DEFAULT true CHECK (onlyrow),
  online interval NOT NULL DEFAULT '3 minutes',
  idle interval NOT NULL DEFAULT '30 minutes'
);
INSERT INTO status_limits DEFAULT VALUES;

CREATE OR REPLACE VIEW agents_view AS
SELECT
  id, name, queueloc, mode, version, environment, tags, starttime, heartbeattime,
  CASE
    WHEN heartbeattime > now() - (SELECT online FROM status_limits) THEN 'online'
    WHEN heartbeattime > now() - (SELECT idle FROM status_limits) THEN 'idle'
    ELSE 'offline'
  END AS status
FROM agents;

-- Retention looks for what is old.
CREATE INDEX actions_by_age ON actions (expireafter) WHERE expired;
CREATE INDEX agents_by_age ON agents (heartbeattime);
