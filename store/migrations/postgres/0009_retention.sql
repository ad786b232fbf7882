-- Up to which seal retention removes the rows of one kind of record: event, call. Signed like a seal, so that nobody but
-- a node of ours can say of a row that it went because its time was over.
CREATE TABLE retention (
    kind TEXT NOT NULL PRIMARY KEY,
    seal BIGINT NOT NULL,
    at BIGINT NOT NULL,
    signature BYTEA NOT NULL
);
