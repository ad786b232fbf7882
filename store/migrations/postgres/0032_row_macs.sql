-- The MAC of a row of either log, with a key that the database does not hold. Rows of earlier versions have none.
ALTER TABLE audit_event ADD COLUMN mac BYTEA;
ALTER TABLE call_block ADD COLUMN mac BYTEA;

-- One row: the first event that was stored with a MAC, when that was, and a MAC over both.
CREATE TABLE row_mac_start (
    position BIGINT NOT NULL PRIMARY KEY,
    event BIGINT NOT NULL,
    at BIGINT NOT NULL,
    mac BYTEA NOT NULL
);

-- The same event. The signature of the checkpoint covers it. Checkpoints of earlier versions have none.
ALTER TABLE seal ADD COLUMN mac_from BIGINT;
