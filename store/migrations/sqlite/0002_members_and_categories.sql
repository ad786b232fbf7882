-- Inviting people to become members, the organization's own metric categories, and when it was last changed.

ALTER TABLE organization ADD COLUMN updated_at BIGINT;
ALTER TABLE organization ADD COLUMN updated_by TEXT;

-- An invitation, whose id becomes the member's. Of its link only the digest is kept. It ends when it is accepted or
-- when a newer one to the same address takes its place.
CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id),
    email TEXT NOT NULL,
    full_name TEXT,
    title TEXT,
    phone TEXT,
    roles TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX invitation_email ON invitation (organization_id, email, created_at);
CREATE INDEX invitation_created ON invitation (organization_id, created_at);

CREATE TABLE custom_category (
    organization_id TEXT NOT NULL REFERENCES organization (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    alias TEXT,
    description TEXT,
    PRIMARY KEY (organization_id, position)
);
