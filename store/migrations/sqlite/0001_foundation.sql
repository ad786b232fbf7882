-- Who there is, what they hold, what they made, and the record of it.
-- Times end in _at and are microseconds since 1970 UTC; ids are eleven characters of text; documents are JSON text.

-- Numbers taken in the transaction they belong to, so that their order is the order of commits.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('audit_event', 0);

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A user as a member of an organization. The row outlives the membership: the record goes on naming the person.
CREATE TABLE member (
    id TEXT NOT NULL PRIMARY KEY,
    persona_id TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    email TEXT NOT NULL,
    full_name TEXT NOT NULL,
    title TEXT,
    phone TEXT,
    roles TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    disabled_at BIGINT,
    removed_at BIGINT
);
CREATE UNIQUE INDEX member_email ON member (email) WHERE removed_at IS NULL;

-- A signed-in browser. Of its cookie only the digest is kept.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id TEXT NOT NULL REFERENCES member (id),
    digest BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    address TEXT NOT NULL,
    client TEXT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id, created_at);

-- A user API access token. Of its secret only the digest is kept.
CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    user_id TEXT NOT NULL REFERENCES member (id),
    session_id TEXT REFERENCES session (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    prefix TEXT NOT NULL,
    last4 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT,
    revealed_at BIGINT,
    created_address TEXT NOT NULL,
    created_client TEXT NOT NULL,
    last_used_at BIGINT,
    last_used_address TEXT NOT NULL DEFAULT '',
    last_used_client TEXT NOT NULL DEFAULT ''
);
CREATE INDEX token_by_user ON token (user_id, created_at);
CREATE INDEX token_by_session ON token (session_id);

-- A token of the organization itself. Its secrets are in org_token_secret: after a rotation there are several.
CREATE TABLE org_token (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    name TEXT NOT NULL,
    auth_scopes TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    acl TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_via TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_via TEXT NOT NULL
);
CREATE UNIQUE INDEX org_token_name ON org_token (organization_id, name);

-- A secret of an org token: found by digest, readable again only with the master key.
CREATE TABLE org_token_secret (
    digest BLOB NOT NULL PRIMARY KEY,
    org_token_id TEXT NOT NULL REFERENCES org_token (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    last4 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX org_token_secret_token ON org_token_secret (org_token_id, created_at);

-- Dashboards, dashboard groups, charts, detectors, integrations and teams.
-- access_id names the object whose access control list decides who may read this one; none: everybody may.
CREATE TABLE object (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    parent_id TEXT REFERENCES object (id),
    access_id TEXT REFERENCES object (id),
    restricted BOOLEAN NOT NULL,
    protection TEXT NOT NULL,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_via TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    updated_via TEXT NOT NULL
);
CREATE INDEX object_kind ON object (organization_id, kind, updated_at, id);
CREATE INDEX object_parent ON object (parent_id);
CREATE INDEX object_access ON object (access_id);

-- Who may read a restricted object.
CREATE TABLE acl_entry (
    object_id TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    principal_id TEXT NOT NULL,
    PRIMARY KEY (object_id, principal_id)
);

-- How objects refer to others or are found: tags, teams, mirrors.
CREATE TABLE object_ref (
    object_id TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    relation TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (object_id, relation, value)
);
CREATE INDEX object_ref_value ON object_ref (relation, value);

CREATE TABLE team_member (
    team_id TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES member (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);
CREATE INDEX team_member_by_user ON team_member (user_id);

-- The record: rows are only added. It is also what nodes read to learn what changed elsewhere.
CREATE TABLE audit_event (
    number BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    actor_type TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_email TEXT NOT NULL,
    token_id TEXT,
    token_kind TEXT,
    token_last4 TEXT NOT NULL,
    request_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    address TEXT NOT NULL,
    client TEXT NOT NULL,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    object_name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    changes TEXT NOT NULL
);
CREATE INDEX audit_event_object ON audit_event (object_id, number);
CREATE INDEX audit_event_actor ON audit_event (actor_id, number);
CREATE INDEX audit_event_token ON audit_event (token_id, number);
CREATE INDEX audit_event_at ON audit_event (at);

-- Who calls, with what, from where, by what program: kept once for many calls. Copied facts, not references.
CREATE TABLE call_source (
    id BIGINT NOT NULL PRIMARY KEY,
    organization_id TEXT,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    token_id TEXT,
    token_kind TEXT,
    address TEXT NOT NULL,
    client TEXT NOT NULL
);

-- Every request to the API. A narrow row, no index but the one on writes, and no foreign key to look up: this table
-- takes a row a request. The path is kept where it says more than the route.
CREATE TABLE call (
    at BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    request_id BIGINT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    path TEXT,
    status INTEGER NOT NULL,
    duration_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);
CREATE INDEX call_write ON call (at) WHERE method <> 'GET';

CREATE TABLE sign_in_failure (
    at BIGINT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX sign_in_failure_account ON sign_in_failure (account, at);
CREATE INDEX sign_in_failure_address ON sign_in_failure (address, at);

-- A setup link: who holds it may make the first administrator, once.
CREATE TABLE claim (
    digest BLOB NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
