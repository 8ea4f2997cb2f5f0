-- Which connection to the broker, of those since its start, an agent was heard over: what was sent to it over an earlier one,
-- and is not answered, is sent again.
ALTER TABLE agents ADD COLUMN link integer NOT NULL DEFAULT 0;
