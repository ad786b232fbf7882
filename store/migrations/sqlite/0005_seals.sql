-- Seals: what the record was when they were made. Each stands for the events after those of the seal before, up to
-- last_event, and for these blocks of calls. leaves are the RFC 6962 hashes of the rows, 32 bytes each, events first;
-- root is their Merkle root; previous is the hash of the seal before; signature is by a key that comes from the master key.
CREATE TABLE seal (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    last_event BIGINT NOT NULL,
    blocks TEXT NOT NULL,
    leaves BLOB NOT NULL,
    root BLOB NOT NULL,
    previous BLOB NOT NULL,
    signature BLOB NOT NULL
);

-- Blocks of calls that no seal stands for yet.
CREATE TABLE unsealed_block (
    block_id BIGINT NOT NULL PRIMARY KEY
);

INSERT INTO unsealed_block (block_id) SELECT id FROM call_block;
