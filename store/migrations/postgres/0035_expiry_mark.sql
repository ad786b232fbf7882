-- The last token of each family whose expiry is an audit event, by its time of expiry and its id. Tokens that expired
-- before the rows were stored have no such event.
CREATE TABLE expiry_mark (
    family TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    token_id TEXT NOT NULL
);
