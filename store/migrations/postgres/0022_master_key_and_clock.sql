-- The id of the master key that secrets of this database are encrypted under: one row.
CREATE TABLE master_key (
    position BIGINT NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL
);

-- Faults of the database and of its clock that no operator has confirmed.
CREATE TABLE database_fault (
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (kind, detail)
);

-- `readiness` is written to prove that writes are possible. `newest_time` is the newest time of the clock that was
-- seen, in microseconds.
INSERT INTO counter (name, value) VALUES ('readiness', 0), ('newest_time', 0);

-- Earlier versions did not store the id of the key. Secrets may be encrypted under it if there is an organization.
INSERT INTO counter (name, value) SELECT 'organizations_without_key_id', COUNT(*) FROM organization;
