-- What ends, ends everywhere: sessions, tokens and what a person has put up for others, whichever statement ends them.

-- Challenges are kept once they are used, no more: what they are good for is in them, under this key.
DROP TABLE challenges;
CREATE TABLE used_challenges (
  challenge text PRIMARY KEY,
  expires timestamptz NOT NULL
);
CREATE TABLE challenge_key (
  onlyrow boolean PRIMARY KEY DEFAULT true CHECK (onlyrow),
  key bytea NOT NULL
);

-- The key that its owner had logged in with: another key of the same person does not bring a token back.
ALTER TABLE tokens ADD COLUMN fingerprint text;
UPDATE tokens SET fingerprint = investigators.fingerprint
FROM investigators WHERE investigators.name = tokens.investigator;
ALTER TABLE tokens ALTER COLUMN fingerprint SET NOT NULL;

CREATE FUNCTION end_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.fingerprint = OLD.fingerprint AND NEW.role = OLD.role
    AND NEW.disabled <= OLD.disabled
  THEN
    RETURN NULL;
  END IF;
  DELETE FROM sessions WHERE fingerprint = OLD.fingerprint;
  DELETE FROM tokens WHERE fingerprint = OLD.fingerprint OR investigator = OLD.name;
  -- An admin or investigator stays one who may ask: what they have put up waits on.
  IF TG_OP = 'DELETE' OR NEW.fingerprint <> OLD.fingerprint OR NEW.disabled OR NEW.role = 'observer' THEN
    DELETE FROM proposals WHERE investigator = OLD.name;
    DELETE FROM proposal_signatures WHERE fingerprint = OLD.fingerprint;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER end_access AFTER UPDATE OR DELETE ON investigators
FOR EACH ROW EXECUTE FUNCTION end_access();

-- Actions are put to agents of their own environment alone.
CREATE OR REPLACE VIEW agents_view AS
SELECT
  id, name, queueloc, mode, version, environment, tags, starttime, heartbeattime,
  CASE
    WHEN heartbeattime > now() - (SELECT online FROM status_limits) THEN 'online'
    WHEN heartbeattime > now() - (SELECT idle FROM status_limits) THEN 'idle'
    ELSE 'offline'
  END AS status,
  fleet
FROM agents;
