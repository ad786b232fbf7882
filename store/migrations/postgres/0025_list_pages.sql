-- Lists read one page: an index for each order that had none.
CREATE INDEX org_token_by_expiry ON org_token (organization_id, expires_at, name_folded, name);
CREATE INDEX org_token_by_update ON org_token (organization_id, updated_at, name_folded, name);
CREATE INDEX org_token_by_updater ON org_token (organization_id, updated_by_folded, name_folded, name);
CREATE INDEX org_token_by_reader ON org_token_reader (principal_id);
CREATE INDEX member_by_state ON member (organization_id, (disabled_at IS NOT NULL), name_folded, full_name, id)
    WHERE removed_at IS NULL;
CREATE INDEX member_by_email ON member (organization_id, email, id) WHERE removed_at IS NULL;
CREATE INDEX team_member_joined ON team_member (team_id, joined_at, user_id);

-- Invitations from before with letters outside ASCII are found by their address; they expire within a week.
ALTER TABLE invitation ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE invitation SET name_folded = lower(COALESCE(full_name, ''));
CREATE INDEX invitation_open ON invitation (organization_id, created_at, id, expires_at) WHERE ended_at IS NULL;
