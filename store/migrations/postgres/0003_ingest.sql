-- What each org token has handed in on the ingest routes, in all. Gathered in memory and added in batches.
CREATE TABLE ingest_count (
    org_token_id TEXT NOT NULL PRIMARY KEY REFERENCES org_token (id) ON DELETE CASCADE,
    requests BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    datapoints BIGINT NOT NULL,
    events BIGINT NOT NULL,
    spans BIGINT NOT NULL,
    dropped BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    limited_at BIGINT
);
