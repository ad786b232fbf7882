-- The keys that sign checkpoints of the log tree: the newest signs. secret is the seed, encrypted under the master key.
-- handover is the note with which the key before signed this one; the first has none. origin is the name of the tree.
CREATE TABLE log_key (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    origin TEXT NOT NULL,
    public_key BLOB NOT NULL,
    secret BLOB NOT NULL,
    handover TEXT
);

-- The Merkle tree over the rows of both logs (RFC 9162), after the rows of each seal: how many leaves it has, its root,
-- and the signature of the note. The leaves of a seal follow those of the seal before. The first row is the start of the
-- tree: one leaf, the hash of the seal before the tree.
CREATE TABLE tree_checkpoint (
    seal BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    last_event BIGINT NOT NULL,
    size BIGINT NOT NULL,
    root BLOB NOT NULL,
    key BIGINT NOT NULL,
    signature BLOB NOT NULL
);

CREATE INDEX tree_checkpoint_by_event ON tree_checkpoint (last_event);
CREATE INDEX tree_checkpoint_by_size ON tree_checkpoint (size);

-- The roots of subtrees of 256, 256 * 256, … leaves, by level, from 1. Level 0 has the leaf of the start only: the others
-- are in seal.
CREATE TABLE tree_hash (
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
);

-- The signature of the log key. Marks of earlier versions have none.
ALTER TABLE retention ADD COLUMN log_signature BLOB;
