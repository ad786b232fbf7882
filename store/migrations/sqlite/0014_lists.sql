-- Integrations are found by whether they are enabled.
INSERT INTO object_ref (object_id, relation, value)
SELECT id, 'state', CASE WHEN json_type(document, '$.enabled') = 'false' THEN 'disabled' ELSE 'enabled' END
FROM object WHERE kind = 'integration';

-- Lists search and sort by names whatever their case. Only the program knows every letter's other case: it fills the
-- columns in as it starts, and with every change.
ALTER TABLE member ADD COLUMN name_folded TEXT;
ALTER TABLE token ADD COLUMN name_folded TEXT;
CREATE INDEX member_by_name ON member (organization_id, name_folded, full_name, id);
CREATE INDEX member_by_created ON member (organization_id, created_at, id);
CREATE INDEX member_by_updated ON member (organization_id, updated_at, id);
CREATE INDEX token_by_organization ON token (organization_id, created_at, id);
CREATE INDEX token_by_expiry ON token (organization_id, expires_at, id);

ALTER TABLE org_token ADD COLUMN name_folded TEXT;
ALTER TABLE org_token ADD COLUMN description_folded TEXT;
ALTER TABLE org_token ADD COLUMN updated_by_folded TEXT;
CREATE INDEX org_token_by_name ON org_token (organization_id, name_folded, name);

-- Who but administrators may see an org token.
CREATE TABLE org_token_reader (
    org_token_id TEXT NOT NULL REFERENCES org_token (id) ON DELETE CASCADE,
    principal_id TEXT NOT NULL,
    PRIMARY KEY (org_token_id, principal_id)
);
