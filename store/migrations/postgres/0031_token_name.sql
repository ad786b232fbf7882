-- The name that the token of an event had. Null for a token without a name, and for events that are older than this
-- column, so that their hashed text stays as it was.
ALTER TABLE audit_event ADD COLUMN token_name TEXT;
