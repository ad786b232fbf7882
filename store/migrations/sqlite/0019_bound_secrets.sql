-- Whether the encryption of a secret is bound to its row. Secrets from before are bound when a server starts.
ALTER TABLE org_token_secret ADD COLUMN bound BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX org_token_secret_unbound ON org_token_secret (digest) WHERE NOT bound;
