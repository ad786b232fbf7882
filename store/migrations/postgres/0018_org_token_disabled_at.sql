-- When an org token was disabled. With `expires_at` it decides which of the two ended the token first.
ALTER TABLE org_token ADD COLUMN disabled_at BIGINT;
UPDATE org_token SET disabled_at = updated_at WHERE disabled;
