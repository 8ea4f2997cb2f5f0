-- Trust lists, and heartbeats as they were signed, for investigators to check.

ALTER TABLE agents ADD COLUMN heartbeat bytea;

-- The latest list of each environment; the relay cannot judge it.
CREATE TABLE trust_lists (
  fleet text PRIMARY KEY,
  version integer NOT NULL,
  envelope jsonb NOT NULL,
  received timestamptz NOT NULL DEFAULT now()
);
