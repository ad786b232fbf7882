-- The id of the master key, encrypted under it: a key that decrypts it is the right one. NULL until the next start of a
-- server.
ALTER TABLE master_key ADD COLUMN check_value BYTEA;
