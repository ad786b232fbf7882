-- Calls by the thousand: what a node gathered within a moment, as one row. A row a call would cost more than the call.
-- A block says all there is to say of its calls, facts about callers copied, so that it can be told by itself for ever.
-- Calls that may change something are in blocks of their own, since they are asked for by themselves.
-- sources, targets and calls are JSON arrays. A source is [organization, actor, actor's name, token, token's kind,
-- address, client], a target [method, route, path or null]; a call is [microseconds after first_at, its place in sources,
-- its place in targets, status, duration in microseconds, bytes, request id].
-- From first_at to last_at it is a minute at most.
CREATE TABLE call_block (
    id BIGINT NOT NULL PRIMARY KEY,
    writes BOOLEAN NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    call_count BIGINT NOT NULL,
    sources TEXT NOT NULL,
    targets TEXT NOT NULL,
    calls TEXT NOT NULL
);
CREATE INDEX call_block_first_at ON call_block (writes, first_at);

INSERT INTO call_block (id, writes, first_at, last_at, call_count, sources, targets, calls)
SELECT min(request_id), writes, minute * 60000000, max(at), count(*),
    json_agg(
        json_build_array(organization_id, actor_id, actor_name, token_id, token_kind, address, client) ORDER BY place
    )::text,
    json_agg(json_build_array(method, route, path) ORDER BY place)::text,
    json_agg(
        json_build_array(at - minute * 60000000, place, place, status, duration_us, bytes, request_id) ORDER BY place
    )::text
FROM (
    SELECT call.*, call_source.*, method <> 'GET' AS writes, at / 60000000 AS minute,
        (row_number() OVER (PARTITION BY method <> 'GET', at / 60000000 ORDER BY at) - 1) / 1000 AS piece,
        (row_number() OVER (PARTITION BY method <> 'GET', at / 60000000 ORDER BY at) - 1) % 1000 AS place
    FROM call JOIN call_source ON call_source.id = call.source_id
) AS placed
GROUP BY writes, minute, piece;

DROP TABLE call;
DROP TABLE call_source;
