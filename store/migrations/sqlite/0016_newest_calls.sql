-- Calls that ask for a change, newest first: the index says which blocks hold such, so that others are passed over
-- without being touched. It is no further index, so a block costs no more to store.
DROP INDEX call_block_newest;
CREATE INDEX call_block_newest ON call_block (last_at, id, writes);
