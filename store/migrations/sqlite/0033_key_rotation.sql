-- The keys that are accepted and the salt of results, encrypted under this key. NULL until the first rotation. During a
-- rotation there is a second row, for the other key.
ALTER TABLE master_key ADD COLUMN ring BLOB;

-- The version of the key ring: it changes with the keys that are accepted, or the one that encrypts.
INSERT INTO counter (name, value) VALUES ('key_ring', 0);

-- The rotation of the master key that is not finished: one row, or none.
CREATE TABLE key_rotation (
    position BIGINT NOT NULL PRIMARY KEY,
    stage TEXT NOT NULL,
    walked_to TEXT NOT NULL,
    rows_left BIGINT NOT NULL,
    unreadable BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    stage_at BIGINT NOT NULL
);

-- A change of the key that signs checkpoints, signed with both keys. last_seal is the last checkpoint of the old key.
CREATE TABLE key_handover (
    number BIGINT NOT NULL PRIMARY KEY,
    last_seal BIGINT NOT NULL,
    at BIGINT NOT NULL,
    old_key BLOB NOT NULL,
    new_key BLOB NOT NULL,
    old_signature BLOB NOT NULL,
    new_signature BLOB NOT NULL
);
