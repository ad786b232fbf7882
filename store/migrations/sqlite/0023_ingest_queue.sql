-- The position up to which each ingest queue is counted in ingest_count. The transaction that adds the counts changes
-- it, so a crash neither loses nor repeats them. save is the number of that transaction.
CREATE TABLE ingest_queue (
    id TEXT NOT NULL PRIMARY KEY,
    segment BIGINT NOT NULL,
    byte BIGINT NOT NULL,
    save BIGINT NOT NULL
);
