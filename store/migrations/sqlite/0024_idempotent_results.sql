-- The results of requests with an idempotency key, encrypted under the key. A digest names the caller, the operation and
-- the key; none of them can be read from it. Rows are deleted after a day.
CREATE TABLE idempotent_result (
    digest BLOB NOT NULL PRIMARY KEY,
    request BLOB NOT NULL,
    result BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX idempotent_result_created ON idempotent_result (created_at);
