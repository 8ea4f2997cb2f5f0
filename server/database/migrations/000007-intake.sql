-- How often the handling of a message was begun: what has begun three times without an end is not looked into again.
CREATE TABLE intake_attempts (
  digest text PRIMARY KEY,
  attempts integer NOT NULL,
  latest timestamptz NOT NULL DEFAULT now()
);

-- Sealed answers do not get smaller, and trying costs time.
ALTER TABLE reports ALTER COLUMN message SET STORAGE EXTERNAL;
