-- Counts of calls per day are kept without limit. Counts per minute and per hour are deleted by age.
CREATE TABLE usage_day (
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
);
INSERT INTO usage_day
    (organization_id, begins_at, actor_id, token_id, method, route, status_class, calls, duration_us, bytes)
SELECT organization_id, begins_at / 86400000000 * 86400000000, actor_id, token_id, method, route, status_class,
    SUM(calls), SUM(duration_us), SUM(bytes)
FROM usage_hour GROUP BY 1, 2, 3, 4, 5, 6, 7;
CREATE INDEX usage_day_actor ON usage_day (actor_id, begins_at);
CREATE INDEX usage_day_token ON usage_day (token_id, begins_at);
ALTER TABLE usage_day SET (fillfactor = 50);

-- Tokens, sessions and invitations are deleted some time after they ended.
CREATE INDEX token_by_end ON token ((COALESCE(ended_at, expires_at)));
CREATE INDEX session_by_end ON session ((COALESCE(ended_at, expires_at)));
CREATE INDEX invitation_by_end ON invitation ((COALESCE(ended_at, expires_at)));

-- Raised by each merge of call blocks, so that a reader of blocks notices it.
INSERT INTO counter (name, value) VALUES ('block_merge', 0);

-- The API lists org tokens in the order of their creation too.
CREATE INDEX org_token_by_creation ON org_token (organization_id, created_at, name_folded, name);
