-- When, from where and by which program each secret of an org token was last used: after a rotation several work.
ALTER TABLE org_token_secret ADD COLUMN last_used_at BIGINT;
ALTER TABLE org_token_secret ADD COLUMN last_used_address TEXT NOT NULL DEFAULT '';
ALTER TABLE org_token_secret ADD COLUMN last_used_client TEXT NOT NULL DEFAULT '';
