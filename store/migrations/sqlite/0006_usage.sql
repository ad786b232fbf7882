-- Calls, counted: so many in a minute (and, since a month has many minutes, in an hour) by the same caller with the same
-- token to the same route with the same outcome. An empty text where nobody is known to have called.
CREATE TABLE usage_minute (
    organization_id TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    token_id TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status_class BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (organization_id, begins_at, actor_id, token_id, method, route, status_class)
) WITHOUT ROWID;
CREATE INDEX usage_minute_actor ON usage_minute (actor_id, begins_at);
CREATE INDEX usage_minute_token ON usage_minute (token_id, begins_at);

CREATE TABLE usage_hour (
    organization_id TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    token_id TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status_class BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    duration_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (organization_id, begins_at, actor_id, token_id, method, route, status_class)
) WITHOUT ROWID;
CREATE INDEX usage_hour_actor ON usage_hour (actor_id, begins_at);
CREATE INDEX usage_hour_token ON usage_hour (token_id, begins_at);

-- What callers and tokens were called when their calls were last counted: counts outlive them.
CREATE TABLE usage_actor (
    id TEXT NOT NULL PRIMARY KEY,
    is_user BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL
);

CREATE TABLE usage_token (
    id TEXT NOT NULL PRIMARY KEY,
    actor_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    last4 TEXT NOT NULL
);

-- Blocks of calls that are not counted yet.
CREATE TABLE uncounted_block (
    block_id BIGINT NOT NULL PRIMARY KEY
);

INSERT INTO uncounted_block (block_id) SELECT id FROM call_block;

-- Whoever counts holds this row, so that nodes count one after the other.
INSERT INTO counter (name, value) VALUES ('usage', 0);
