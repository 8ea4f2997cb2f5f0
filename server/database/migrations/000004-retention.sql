-- Commands and reports go with their action; an agent may be forgotten before. Without an index of their own these two
-- references would make each deletion read a whole table.
ALTER TABLE reports DROP CONSTRAINT reports_command_fkey;
ALTER TABLE commands DROP CONSTRAINT commands_agent_fkey;
